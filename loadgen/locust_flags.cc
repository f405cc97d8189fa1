// SPDX-License-Identifier: MIT
#include "loadgen/locust_flags.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

struct ForeignFlag {
  std::string_view name;
  std::string_view letter;  // "-f", which may have its value attached; "" = none
  std::string_view instead;
};

constexpr std::string_view kOneProcess =
    "one process makes more load than locust's on all cores: leave it out";
constexpr std::string_view kNoWeb = "there is no web interface to start a run from: leave it out";
constexpr std::string_view kTasks = "which tasks run, their weights decide: write another scenario";

// Of locust 2.46 and 2.12, without those that `run` has too.
constexpr std::array<ForeignFlag, 39> kFlags = {{
    {"--locustfile", "-f", "tasks are in a TOML file: --scenario FILE (docs/scenarios.md)"},
    {"--config", "", "give the flags, or users, run_time and host in the --scenario file"},
    {"--list", "-l", "the kinds of users are the [[user]]s of the --scenario file"},
    {"--show-task-ratio", "", "the weights are in the --scenario file"},
    {"--show-task-ratio-json", "", "the weights are in the --scenario file"},
    {"--config-users", "", "weights and numbers are in the [[user]]s of the --scenario file"},
    {"--equal-weights", "", kTasks},
    {"--tags", "-T", kTasks},
    {"--exclude-tags", "-E", kTasks},
    {"--html", "", "use --html-file FILE"},
    {"--processes", "", kOneProcess},
    {"--master", "", kOneProcess},
    {"--worker", "", kOneProcess},
    {"--slave", "", kOneProcess},
    {"--master-host", "", kOneProcess},
    {"--master-port", "", kOneProcess},
    {"--master-bind-host", "", kOneProcess},
    {"--master-bind-port", "", kOneProcess},
    {"--expect-workers", "", kOneProcess},
    {"--expect-workers-max-wait", "", kOneProcess},
    {"--expect-slaves", "", kOneProcess},
    {"--enable-rebalancing", "", kOneProcess},
    {"--web-host", "", kNoWeb},
    {"--web-port", "-P", kNoWeb},
    {"--web-base-path", "", kNoWeb},
    {"--web-auth", "", kNoWeb},
    {"--web-login", "", kNoWeb},
    {"--tls-cert", "", kNoWeb},
    {"--tls-key", "", kNoWeb},
    {"--class-picker", "", kNoWeb},
    {"--headful", "", kNoWeb},
    {"--autostart", "", "a run starts at once: leave it out"},
    {"--autoquit", "", "a run ends after --run-time: leave it out"},
    {"--hatch-rate", "", "use --spawn-rate"},
    {"--print-stats", "", "the table comes every two seconds: leave it out"},
    {"--skip-log-setup", "", "use --loglevel or --logfile"},
    {"--profile", "", "there is no such thing: leave it out"},
    {"--otel", "", "there is no such thing: leave it out"},
    {"--stop-after", "", "use --run-time"},
}};

struct ForeignVariable {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array<ForeignVariable, 16> kVariables = {{
    {"LOCUST_LOCUSTFILE", "--scenario FILE"},
    {"LOCUST_HOST", "--host"},
    {"LOCUST_USERS", "--users"},
    {"LOCUST_SPAWN_RATE", "--spawn-rate"},
    {"LOCUST_RUN_TIME", "--run-time"},
    {"LOCUST_STOP_TIMEOUT", "--stop-timeout"},
    {"LOCUST_CSV", "--csv"},
    {"LOCUST_CSV_FULL_HISTORY", "--csv-full-history"},
    {"LOCUST_HTML", "--html-file"},
    {"LOCUST_JSON", "--json"},
    {"LOCUST_JSON_FILE", "--json-file"},
    {"LOCUST_ONLY_SUMMARY", "--only-summary"},
    {"LOCUST_RESET_STATS", "--reset-stats"},
    {"LOCUST_EXIT_CODE_ON_ERROR", "--exit-code-on-error"},
    {"LOCUST_LOGLEVEL", "--loglevel"},
    {"LOCUST_LOGFILE", "--logfile"},
}};

const ForeignFlag* FindFlag(std::string_view argument) {
  const std::string_view name = argument.substr(0, argument.find('='));
  const auto is_this = [&](const ForeignFlag& flag) {
    return name == flag.name || (!flag.letter.empty() && !argument.starts_with("--") &&
                                 argument.starts_with(flag.letter));
  };
  const auto* const found = std::find_if(kFlags.begin(), kFlags.end(), is_this);
  return found == kFlags.end() ? nullptr : &*found;
}

// `setting` is "NAME=value"; what means what we do anyway, or nothing, may stay.
bool IsHarmless(std::string_view setting) {
  return setting.ends_with('=') || setting.starts_with("LOCUST_HEADLESS=");
}

std::string RefuseVariable(std::string_view name) {
  const auto* const known =
      std::find_if(kVariables.begin(), kVariables.end(),
                   [&](const ForeignVariable& variable) { return variable.name == name; });
  return known == kVariables.end()
             ? fmt::format("{} is locust's, and the environment is not read here: unset it", name)
             : fmt::format("{} is locust's, and the environment is not read here: unset it, use {}",
                           name, known->instead);
}

}  // namespace

std::vector<std::string> RefuseLocustsOwn(const std::vector<std::string_view>& arguments,
                                          const std::vector<std::string_view>& environment) {
  std::vector<std::string> lines;
  for (const std::string_view argument : arguments) {
    if (argument == "--") {
      break;
    }
    if (const ForeignFlag* flag = FindFlag(argument)) {
      lines.push_back(fmt::format("{} is locust's: {}", flag->name, flag->instead));
    }
  }
  for (const std::string_view setting : environment) {
    if (setting.starts_with("LOCUST_") && !IsHarmless(setting)) {
      lines.push_back(RefuseVariable(setting.substr(0, setting.find('='))));
    }
  }
  return lines;
}

bool IsRefusedAsLocusts(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  if (words.empty() || words.front() != "run") {
    return false;
  }
  std::vector<std::string_view> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  const std::vector<std::string> lines = RefuseLocustsOwn(words, environment);
  for (const std::string& line : lines) {
    std::fprintf(stderr, "sqlicorn-loadgen: %s\n", line.c_str());
  }
  return !lines.empty();
}

}  // namespace sqlicorn::loadgen
