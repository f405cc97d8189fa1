// SPDX-License-Identifier: MIT
#include "master/control/control_commands.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "master/control/control_views.h"
#include "master/control/write_views.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;
using Words = std::span<const std::string>;

constexpr std::int64_t kMaxNumber = 1000000;

struct Command {
  std::string_view name;       // one or two words
  std::string_view arguments;  // as `help` shows them
  std::size_t max_arguments;
  std::string_view help;
  ControlResult (*decide)(Words arguments, const ServerStatus& status);
};

ControlResult Invalid(std::string_view what) {
  return {Error{fmt::format("{}{}", kInvalidArgument, what)}};
}

ControlResult Stopping() {
  return {Error{"the server is stopping"}};
}

ControlResult Data(const json& data, std::optional<ControlEffect> effect = std::nullopt) {
  return {DumpControlData(data), effect};
}

// 1 to a million; nothing for anything else.
std::optional<std::int64_t> ParseNumber(const std::string& text) {
  const auto number = ParseWhole<std::int64_t>(text);
  return number && *number >= 1 && *number <= kMaxNumber ? number : std::nullopt;
}

std::optional<std::int64_t> CountOf(Words arguments) {
  return arguments.empty() ? 1 : ParseNumber(arguments[0]);
}

ControlResult ShowAll(Words /*arguments*/, const ServerStatus& status) {
  json all = StatsAsJson(status);
  all["workers"] = WorkersAsJson(status)["workers"];
  all["listeners"] = ListenersAsJson(status)["listeners"];
  all["config"] = ConfigAsJson(status);
  return Data(all);
}

ControlResult AddWorkers(Words arguments, const ServerStatus& status) {
  if (status.phase == ServerStatus::Phase::kStopping) {
    return Stopping();
  }
  const auto count = CountOf(arguments);
  if (!count) {
    return Invalid(fmt::format("worker add takes a number from 1, not '{}'", arguments[0]));
  }
  const auto previous = static_cast<std::int64_t>(status.wanted);
  const std::int64_t total = previous + *count;
  if (total > static_cast<std::int64_t>(status.room)) {
    return {Error{DescribeRoom(status.room)}};
  }
  return Data({{"added", *count}, {"previous", previous}, {"total", total}},
              ControlEffect{ControlEffect::Kind::kSetWanted, total});
}

ControlResult RemoveWorkers(Words arguments, const ServerStatus& status) {
  if (status.phase == ServerStatus::Phase::kStopping) {
    return Stopping();
  }
  const auto count = CountOf(arguments);
  if (!count) {
    return Invalid(fmt::format("worker remove takes a number from 1, not '{}'", arguments[0]));
  }
  const auto previous = static_cast<std::int64_t>(status.wanted);
  // The last worker stays, as with TTOU.
  const std::int64_t total = std::min(previous, std::max<std::int64_t>(1, previous - *count));
  return Data({{"removed", previous - total}, {"previous", previous}, {"total", total}},
              ControlEffect{ControlEffect::Kind::kSetWanted, total});
}

ControlResult KillWorker(Words arguments, const ServerStatus& status) {
  if (arguments.empty()) {
    return Invalid("Missing PID for worker kill");
  }
  if (arguments[0].empty() || arguments[0].find_first_not_of("0123456789") != std::string::npos) {
    return Invalid(fmt::format("worker kill takes a PID, not '{}'", arguments[0]));
  }
  const auto found = std::find_if(
      status.workers.begin(), status.workers.end(),
      [&](const WorkerStatus& worker) { return std::to_string(worker.pid) == arguments[0]; });
  if (found == status.workers.end()) {
    return {Error{fmt::format("'{}' is not the pid of a worker", arguments[0])}};
  }
  return Data({{"killed", found->pid}},
              ControlEffect{ControlEffect::Kind::kKillWorker, found->pid});
}

ControlResult Reload(Words /*arguments*/, const ServerStatus& status) {
  if (status.phase == ServerStatus::Phase::kStopping) {
    return Stopping();
  }
  // A reload that is under way may have read the files already; then another one follows it.
  return Data({{"status", "reloading"}, {"number", status.counters.reloads_begun + 1}},
              ControlEffect{ControlEffect::Kind::kRaise, SIGHUP});
}

ControlResult Reopen(Words /*arguments*/, const ServerStatus& status) {
  if (status.phase == ServerStatus::Phase::kStopping) {
    return Stopping();
  }
  return Data({{"status", "reopening"}}, ControlEffect{ControlEffect::Kind::kRaise, SIGUSR1});
}

ControlResult Shutdown(Words arguments, const ServerStatus& /*status*/) {
  const std::string mode = arguments.empty() ? "graceful" : arguments[0];
  if (mode != "graceful" && mode != "quick") {
    return Invalid(fmt::format("Unknown shutdown mode: {}", mode));
  }
  return Data({{"status", "shutting_down"}, {"mode", mode}},
              ControlEffect{ControlEffect::Kind::kRaise, mode == "quick" ? SIGINT : SIGTERM});
}

ControlResult Help(Words arguments, const ServerStatus& status);

template <json (*View)(const ServerStatus&)>
ControlResult Show(Words /*arguments*/, const ServerStatus& status) {
  return Data(View(status));
}

const std::vector<Command> kCommands = {
    {"show workers", "", 0, "The workers and what each is doing", Show<WorkersAsJson>},
    {"show stats", "", 0, "Counts since the master started", Show<StatsAsJson>},
    {"show histograms", "", 0, "The distributions behind show stats", Show<HistogramsAsJson>},
    {"show config", "", 0, "The settings in use", Show<ConfigAsJson>},
    {"show listeners", "", 0, "The listening sockets", Show<ListenersAsJson>},
    {"show all", "", 0, "All of that", ShowAll},
    {"worker add", "[N]", 1, "Want N workers more (1)", AddWorkers},
    {"worker remove", "[N]", 1, "Want N workers less (1); the last one stays", RemoveWorkers},
    {"worker kill", "PID", 1, "End one worker gracefully; it is replaced", KillWorker},
    {"reload", "", 0, "Read the configuration again, as SIGHUP", Reload},
    {"reopen", "", 0, "Open the log files again, as SIGUSR1", Reopen},
    {"shutdown", "[graceful|quick]", 1, "Stop the server, as SIGTERM or SIGINT", Shutdown},
    {"help", "", 0, "This list", Help},
};

ControlResult Help(Words /*arguments*/, const ServerStatus& /*status*/) {
  json commands = json::object();
  for (const Command& command : kCommands) {
    const std::string_view blank = command.arguments.empty() ? "" : " ";
    commands[fmt::format("{}{}{}", command.name, blank, command.arguments)] = command.help;
  }
  return Data({{"commands", std::move(commands)}});
}

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool IsGroup(const std::string& word) {
  return word == "show" || word == "worker";
}

// The words that may follow `group`, or may come first.
std::vector<std::string> Candidates(const std::string& group) {
  std::vector<std::string> names =
      group.empty() ? std::vector<std::string>{"show", "worker"} : std::vector<std::string>{};
  for (const Command& command : kCommands) {
    const std::size_t blank = command.name.find(' ');
    const bool grouped = blank != std::string_view::npos;
    if (grouped && command.name.substr(0, blank) == group) {
      names.emplace_back(command.name.substr(blank + 1));
    } else if (!grouped && group.empty()) {
      names.emplace_back(command.name);
    }
  }
  return names;
}

ControlResult Unknown(const std::string& group, const std::string& word) {
  const std::vector<std::string> known = Candidates(group);
  const std::string suggestion = DidYouMean(word, known);
  if (group.empty()) {
    return Invalid(fmt::format("Unknown command: {}{}", word, suggestion));
  }
  const char* kind = group == "show" ? "show target" : "worker command";
  if (word.empty()) {
    return Invalid(fmt::format("Missing {}; there are {}", kind, fmt::join(known, ", ")));
  }
  return Invalid(fmt::format("Unknown {}: {}{}; there are {}", kind, word, suggestion,
                             fmt::join(known, ", ")));
}

}  // namespace

ControlResult DecideCommand(const std::vector<std::string>& words, const ServerStatus& status) {
  if (words.empty()) {
    return {Error{std::string(kEmptyCommand)}};
  }
  const std::string first = LowerCase(words[0]);
  const std::string group = IsGroup(first) ? first : "";
  const std::size_t used = group.empty() || words.size() == 1 ? 1 : 2;
  const std::string name = used == 2 ? first + " " + words[1] : first;
  const auto command = std::find_if(kCommands.begin(), kCommands.end(),
                                    [&](const Command& known) { return known.name == name; });
  if (command == kCommands.end()) {
    return Unknown(group, group.empty() ? words[0] : used == 2 ? words[1] : "");
  }
  const Words arguments = Words(words).subspan(used);
  if (arguments.size() > command->max_arguments) {
    return Invalid(fmt::format("'{}' is too much for {}", arguments[command->max_arguments], name));
  }
  return command->decide(arguments, status);
}

}  // namespace sqlicorn
