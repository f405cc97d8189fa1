// SPDX-License-Identifier: MIT
#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/base/process.h"
#include "common/control/control_protocol.h"
#include "ctl/control_client.h"
#include "ctl/control_tables.h"
#include "ctl/reload_wait.h"

namespace sqlicorn {
namespace {

constexpr const char* kAbout = "Talks to a running sqlicorn over its control socket.";
constexpr const char* kCommands =
    "Commands:\n"
    "  show workers|stats|histograms|config|listeners|all\n"
    "  worker add [N]     want N workers more (1)\n"
    "  worker remove [N]  want N workers less (1)\n"
    "  worker kill PID    end one worker gracefully; it is replaced\n"
    "  reload [--wait [SECONDS]]\n"
    "                     read the configuration again, as SIGHUP\n"
    "  reopen             open the log files again, as SIGUSR1\n"
    "  shutdown [graceful|quick]\n"
    "  help               the commands of this server\n"
    "\n"
    "What show tells (all of it: docs/control.md):\n"
    "  busy_answers       requests answered that the database is locked\n"
    "  locked.*           times SQLite said BUSY, BUSY_SNAPSHOT, BUSY_RECOVERY or BUSY_TIMEOUT,\n"
    "                     whether the request was tried again or not\n"
    "  wait, hold         of a write: until its turn came; of a turn: until it was passed on\n"
    "  foreign            locks of other programs met during a turn, and their time\n"
    "  revocations        turns taken back from a worker that did not accept them in time\n"
    "  last_reload_error  why the last reload failed, null (-) if it did not\n"
    "\n"
    "Exit codes: 0 done; 1 refused, failed, or no server; 2 wrong usage; 124 reload --wait: not\n"
    "done in time; 130 interrupted. Errors go to standard error, with --json also to standard\n"
    "output, as {\"error\": \"…\"}.";

constexpr double kLongestWait = 24.0 * 3600;

struct Call {
  std::string socket;  // "" = the default
  std::vector<std::string> words;
  bool json = false;
  std::optional<Duration> wait;  // --wait
};

void OnInterrupt(int /*signal*/) {
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

ExitCode Fail(const Call& call, const Error& error, ExitCode exit_code) {
  fmt::print(stderr, "Error: {}\n", error.message);
  if (call.json) {
    fmt::print("{}\n", ErrorAsJson(error));
  }
  return exit_code;
}

ReloadEnd Perform(const Call& call, ControlClient& client) {
  if (call.wait) {
    return ReloadAndWait(client, *call.wait);
  }
  auto outcome = client.AskForData(call.words);
  if (outcome) {
    return {std::move(outcome), ExitCode::kOk};
  }
  const ExitCode code = IsUsageError(outcome.error()) ? ExitCode::kUsage : ExitCode::kError;
  return {std::move(outcome), code};
}

ExitCode Run(const Call& call) {
  constexpr Duration kLongest = ControlClient::kTimeout;
  const auto getenv = [](const char* name) { return std::getenv(name); };
  auto client =
      ControlClient::Connect(call.socket.empty() ? DefaultControlSocket(getenv) : call.socket,
                             std::min(call.wait.value_or(kLongest), kLongest));
  if (!client) {
    return Fail(call, client.error(), ExitCode::kError);
  }
  const ReloadEnd end = Perform(call, *client);
  if (!end.outcome) {
    return Fail(call, end.outcome.error(), end.exit_code);
  }
  const std::string& data = *end.outcome;
  fmt::print("{}", call.json ? data + "\n" : RenderForPeople(data));
  return end.exit_code;
}

// A command line that cannot be read can still ask for JSON.
bool AsksForJson(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const std::string& word) {
    return word == "--json" || (word.starts_with("-j") && !word.starts_with("--"));
  });
}

void AddWait(CLI::App& app, Call* call) {
  const auto take = [call](const std::string& text) {
    double seconds = text.empty() ? 60 : 0;
    if (!text.empty() && (!CLI::detail::lexical_cast(text, seconds) || !(seconds >= 0.001) ||
                          seconds > kLongestWait)) {
      throw CLI::ValidationError(
          "--wait",
          fmt::format("'{}' is not a number of seconds from 0.001 to {}", text, kLongestWait));
    }
    call->wait = FromSeconds(seconds);
  };
  app.add_option_function<std::string>(
         "--wait", take,
         "With reload: return when the new workers serve, or the reload has failed [60]")
      ->expected(0, 1)
      ->type_name("[SECONDS]");
}

// "" or the complaint.
std::string Misuse(const Call& call) {
  const bool blank = std::all_of(call.words.begin(), call.words.end(), [](const std::string& word) {
    return word.find_first_not_of(" \t\n") == std::string::npos;
  });
  if (blank) {
    return "COMMAND is required";
  }
  const bool reload = call.words.size() == 1 && strcasecmp(call.words[0].c_str(), "reload") == 0;
  return call.wait && !reload ? "--wait goes with reload only" : "";
}

ExitCode Main(int argc, char** argv) {
  std::signal(SIGINT, OnInterrupt);
  CLI::App app(kAbout, "sqlicornctl");
  Call call;
  app.add_option("-s,--socket", call.socket,
                 "Control socket; default: $SQLICORN_CONTROL_SOCKET, ./sqlicorn.ctl, "
                 "$RUNTIME_DIRECTORY/sqlicorn.ctl or /run/sqlicorn/sqlicorn.ctl");
  app.add_flag("-j,--json", call.json, "Print the data as JSON, on one line");
  app.set_version_flag("-v,--version", "sqlicornctl (version " SQLICORN_VERSION ")");
  app.add_option("COMMAND", call.words, "What to do; see below");
  AddWait(app, &call);
  app.footer(kCommands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return ExitCode::kOk;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    call.json = AsksForJson(argc, argv);
    return Fail(call, Error{fmt::format("{} (see --help)", error.what())}, ExitCode::kUsage);
  }
  if (const std::string misuse = Misuse(call); !misuse.empty()) {
    return Fail(call, Error{misuse + " (see --help)"}, ExitCode::kUsage);
  }
  return Run(call);
}

}  // namespace
}  // namespace sqlicorn

int main(int argc, char** argv) {
  try {
    return static_cast<int>(sqlicorn::Main(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return static_cast<int>(sqlicorn::ExitCode::kError);
  }
}
