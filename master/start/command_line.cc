// SPDX-License-Identifier: MIT
#include "master/start/command_line.h"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/base/text.h"
#include "common/config/foreign_settings.h"
#include "common/config/server_setting_table.h"
#include "common/config/server_settings.h"
#include "common/config/toml.h"
#include "worker/run_query.h"

namespace sqlicorn {
namespace {

constexpr const char* kAbout =
    "A pre-fork HTTP server over SQLite: endpoints, statements and pragmas come from a TOML file.";

struct Flags {
  std::map<const ServerSetting*, CLI::Option*> settings;
  std::map<const ForeignSetting*, CLI::Option*> foreign;
  bool no_control_socket = false;
  std::vector<std::string> sets;
  bool check_config = false;
  bool print_config = false;
  bool print_pragmas = false;
  CLI::Option* query = nullptr;
};

bool IsList(const ServerSetting& setting) {
  return std::holds_alternative<std::vector<std::string> ServerSettings::*>(setting.member);
}

bool IsSwitch(const ServerSetting& setting) {
  return std::holds_alternative<bool ServerSettings::*>(setting.member);
}

bool IsNumber(const ServerSetting& setting) {
  return std::holds_alternative<std::int64_t ServerSettings::*>(setting.member) ||
         std::holds_alternative<double ServerSettings::*>(setting.member);
}

// "" for a number, else the complaint: CLI11's form of a check.
std::string NotANumber(const std::string& text) {
  double number = 0;
  return CLI::detail::lexical_cast(text, number) ? ""
                                                 : fmt::format("must be a number, not '{}'", text);
}

std::string NeitherANumberNorAuto(const std::string& text) {
  double number = 0;
  return text == kAutomatic || CLI::detail::lexical_cast(text, number)
             ? ""
             : fmt::format("must be a number or {}, not '{}'", kAutomatic, text);
}

// "--daemon" of "-D,--daemon": how messages name the flag.
std::string LongestFlag(std::string_view flags) {
  return std::string(flags.substr(flags.rfind(',') + 1));
}

std::string HelpOf(const ServerSetting& setting) {
  return fmt::format("{} [{}]", setting.help, DefaultText(setting));
}

CLI::Option* AddSwitch(CLI::App& app, const ServerSetting& setting) {
  const std::string off = "!--no-" + LongestFlag(setting.flags).substr(2);
  CLI::Option* option =
      app.add_flag(fmt::format("{},{}", setting.flags, off))->description(HelpOf(setting));
  return option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* AddSettingFlag(CLI::App& app, const ServerSetting& setting) {
  if (IsSwitch(setting)) {
    return AddSwitch(app, setting);
  }
  CLI::Option* option = app.add_option(setting.flags)->description(HelpOf(setting))->expected(1);
  option->type_name(IsNumber(setting) ? "NUMBER" : "TEXT");
  // As gunicorn: a list is given by repeating the flag, of anything else the last one counts.
  option->multi_option_policy(IsList(setting) ? CLI::MultiOptionPolicy::TakeAll
                                              : CLI::MultiOptionPolicy::TakeLast);
  if (IsNumber(setting)) {
    option->check(
        CLI::Validator(setting.automatic != nullptr ? NeitherANumberNorAuto : NotANumber, ""));
  }
  return option;
}

// Not in --help: it is there to be refused with the reason.
CLI::Option* AddForeignFlag(CLI::App& app, const ForeignSetting& setting) {
  CLI::Option* option = setting.form == ForeignSetting::Form::kSwitch
                            ? app.add_flag(setting.flags)
                            : app.add_option(setting.flags)->expected(1);
  return option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->group("");
}

void AddFlags(CLI::App& app, CommandLine& line, Flags& flags) {
  app.add_option("-c,--config", line.config_path, "Configuration file; default: ./sqlicorn.toml")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option("--set", flags.sets,
                 "Override one value: KEY=VALUE, such as database.pragmas.synchronous=full; "
                 "repeatable; wins over a flag for the same")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("--check-config", flags.check_config,
               "Check file, database and statements, change nothing, exit 0 or 1");
  app.add_flag("--print-config", flags.print_config,
               "Print the resulting configuration, resolved and whole, as TOML that -c takes");
  app.add_flag("--print-pragmas", flags.print_pragmas,
               "Print the pragmas a worker's connection has, read back, as JSON");
  flags.query = app.add_option(
      "--query", line.query,
      "Run one reading statement, or VACUUM INTO, as a worker would; print the rows as JSON");
  app.set_version_flag("-v,--version", [] { return VersionText(); });
  for (const ServerSetting& setting : ServerSettingTable()) {
    flags.settings[&setting] = AddSettingFlag(app, setting);
  }
  app.add_flag("--no-control-socket", flags.no_control_socket,
               "No control socket, whatever the configuration says");
  for (const ForeignSetting& setting : ForeignSettingTable()) {
    if (*setting.flags != '\0') {
      flags.foreign[&setting] = AddForeignFlag(app, setting);
    }
  }
}

Status RefuseForeign(const Flags& flags) {
  for (const auto& [setting, option] : flags.foreign) {
    const std::string flag = LongestFlag(setting->flags);
    for (const std::string& text : option->results()) {
      if (!IsTaken(*setting, Value{Place{flag}, text})) {
        return Error{Refusal(*setting, flag)};
      }
    }
  }
  return {};
}

// CLI11 marks the name that switches off.
std::string HelpText(const CLI::App& app) {
  constexpr std::string_view kMark = "{false}";
  std::string text = app.help();
  for (std::size_t at = 0; (at = text.find(kMark, at)) != std::string::npos;) {
    text.erase(at, kMark.size());
  }
  return text;
}

// What CLI11 could make nothing of.
std::string Complaint(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining();
  const auto flag = std::find_if(rest.begin(), rest.end(),
                                 [](const std::string& word) { return word.starts_with('-'); });
  if (flag == rest.end()) {
    return fmt::format("'{}' is not expected: the configuration file goes with -c",
                       rest.empty() ? "" : rest.front());
  }
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options([](const CLI::Option* candidate) {
         return !candidate->get_group().empty();  // those without one are foreign
       })) {
    for (const std::string& name : option->get_lnames()) {
      known.push_back("--" + name);
    }
  }
  const std::string name = flag->substr(0, flag->find('='));
  if (name == "-") {
    return fmt::format("'{}' does not go with a flag of one letter", flag->substr(1));
  }
  return fmt::format("unknown flag {}{}", name, DidYouMean(name, known));
}

Status AddSet(CommandLine& line, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{fmt::format("--set {}: write KEY=VALUE, such as database.timeout=2.5", text)};
  }
  const std::string key = text.substr(0, equals);
  line.overrides.emplace_back(
      key, ParseTomlValue(text.substr(equals + 1), Place{.source = "--set " + key}));
  return {};
}

Status Finish(CommandLine& line, const Flags& flags) {
  if (Status refused = RefuseForeign(flags); !refused) {
    return refused;
  }
  for (const ServerSetting& setting : ServerSettingTable()) {
    const std::vector<std::string> texts = flags.settings.at(&setting)->results();
    if (!texts.empty()) {
      line.overrides.emplace_back(
          fmt::format("server.{}", setting.name),
          ServerSettingFromFlag(setting, LongestFlag(setting.flags), texts));
    }
  }
  for (const std::string& text : flags.sets) {
    if (Status added = AddSet(line, text); !added) {
      return added;
    }
  }
  if (flags.no_control_socket) {
    line.overrides.emplace_back("server.control_socket", Value{Place{"--no-control-socket"}, ""});
  }
  if (flags.check_config) {
    line.action = Action::kCheckConfig;
  } else if (flags.print_config) {
    line.action = Action::kPrintConfig;
  } else if (flags.print_pragmas) {
    line.action = Action::kPrintPragmas;
  } else if (flags.query->count() > 0) {
    line.action = Action::kQuery;
  }
  return {};
}

}  // namespace

std::variant<CommandLine, CommandLineEnd> ParseCommandLine(std::vector<std::string> arguments) {
  CLI::App app(kAbout, "sqlicorn");
  CommandLine line;
  Flags flags;
  AddFlags(app, line, flags);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes the vector from the back
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return CommandLineEnd{HelpText(app), ExitCode::kOk};
  } catch (const CLI::CallForVersion& version) {
    return CommandLineEnd{fmt::format("{}\n", version.what()), ExitCode::kOk};
  } catch (const CLI::ExtrasError&) {
    return CommandLineEnd{Complaint(app) + " (see --help)", ExitCode::kUsage};
  } catch (const CLI::ParseError& error) {
    return CommandLineEnd{fmt::format("{} (see --help)", error.what()), ExitCode::kUsage};
  }
  if (const Status finished = Finish(line, flags); !finished) {
    return CommandLineEnd{finished.error().message, ExitCode::kUsage};
  }
  return line;
}

}  // namespace sqlicorn
