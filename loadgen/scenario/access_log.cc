// SPDX-License-Identifier: MIT
#include "loadgen/scenario/access_log.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/http/url.h"
#include "common/json/json_text.h"
#include "loadgen/scenario/read_values.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kUsPerSecond = 1'000'000;

// "2026-11-22T09:59:27.042+01:00" as unix time in microseconds.
std::optional<std::int64_t> ToUnixUs(const std::string& text) {
  constexpr std::size_t kSize = 29;
  std::tm time{};
  const char* rest =
      text.size() == kSize ? strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) : nullptr;
  if (rest == nullptr || *rest != '.') {
    return std::nullopt;
  }
  const std::string_view tail = std::string_view(text).substr(20);
  const auto ms = ParseWhole<int>(tail.substr(0, 3));
  const auto hours = ParseWhole<int>(tail.substr(4, 2));
  const auto minutes = ParseWhole<int>(tail.substr(7, 2));
  if (!ms || !hours || !minutes || (tail[3] != '+' && tail[3] != '-')) {
    return std::nullopt;
  }
  const std::int64_t east = (*hours * 60 + *minutes) * 60 * (tail[3] == '+' ? 1 : -1);
  return (timegm(&time) - east) * kUsPerSecond + *ms * 1000;
}

std::string TextOf(const Json& line, const char* name) {
  const auto member = line.find(name);
  return member != line.end() && member->is_string() ? member->get<std::string>() : "";
}

// As it stands in a request line: "/" separates as before, all else that needs it is %XX.
std::string EncodePath(std::string_view path) {
  std::string encoded;
  while (true) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    AppendEncoded(path.substr(0, slash), false, Encoding::kPart, &encoded);
    if (slash == path.size()) {
      return encoded;
    }
    encoded.push_back('/');
    path.remove_prefix(slash + 1);
  }
}

bool BringsABody(std::string_view method) {
  constexpr std::array<std::string_view, 3> kMethods = {"POST", "PUT", "PATCH"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

// How many requests were under way at the same time, at the most.
std::uint32_t MostAtOnce(const std::vector<std::pair<std::int64_t, std::int64_t>>& spans) {
  enum class Change { kBegin, kEnd };  // in this order at the same time
  std::vector<std::pair<std::int64_t, Change>> changes;
  for (const auto& [begin, end] : spans) {
    changes.emplace_back(begin, Change::kBegin);
    changes.emplace_back(end, Change::kEnd);
  }
  std::sort(changes.begin(), changes.end());
  int now = 0;
  int most = 0;
  for (const auto& [at, change] : changes) {
    now += change == Change::kBegin ? 1 : -1;
    most = std::max(most, now);
  }
  return static_cast<std::uint32_t>(most);
}

class ReplayBuilder {
 public:
  explicit ReplayBuilder(Scenario* scenario) : scenario_(scenario) {
    for (std::size_t i = 0; i < scenario->tasks.size(); ++i) {
      const TaskSpec& task = scenario->tasks[i];
      given_.try_emplace({task.method, task.path.substr(0, task.path.find('?'))}, i);
    }
    scenario->values.values.push_back({"the query", TakenValue()});
    replay_.query_value = scenario->values.values.size() - 1;
  }

  void Add(AccessLine line) {
    if (line.method.empty()) {
      ++replay_.unreadable;
      return;
    }
    const std::optional<std::size_t> task = TaskFor(line);
    if (!task) {
      ++replay_.without_body;
      return;
    }
    spans_.emplace_back(line.begin_us, line.begin_us + line.duration_us);
    replay_.lines.push_back({std::chrono::microseconds(line.begin_us), *task, QueryOf(line)});
  }

  Status Finish(double speed) {
    if (replay_.lines.empty()) {
      return Error{
          fmt::format("no request of the log can be sent again: {} without a body, {} that "
                      "could not be read",
                      replay_.without_body, replay_.unreadable)};
    }
    std::stable_sort(replay_.lines.begin(), replay_.lines.end(),
                     [](const Replay::Line& a, const Replay::Line& b) { return a.at < b.at; });
    const Duration first = replay_.lines.front().at;
    for (Replay::Line& line : replay_.lines) {
      line.at = FromSeconds(ToSeconds(line.at - first) / speed);
    }
    replay_.speed = speed;
    replay_.most_at_once = MostAtOnce(spans_);
    scenario_->replay = std::move(replay_);
    return {};
  }

 private:
  using Key = std::pair<std::string, std::string>;  // method and encoded path

  std::optional<std::size_t> TaskFor(const AccessLine& line) {
    const Key key(line.method, EncodePath(line.path));
    const auto& known = BringsABody(line.method) ? given_ : made_;
    if (const auto task = known.find(key); task != known.end()) {
      return task->second;
    }
    if (BringsABody(line.method)) {
      return std::nullopt;
    }
    TaskSpec task;
    task.method = line.method;
    task.path = key.second;
    task.name = key.second;
    AppendMark(replay_.query_value, Encoding::kRaw, &task.path);
    task.writes = line.method == "DELETE";
    task.effect = task.writes ? Effect::kUnsaid : Effect::kInsert;
    scenario_->tasks.push_back(std::move(task));
    return made_[key] = scenario_->tasks.size() - 1;
  }

  // With its '?'. A log may have been edited: what cannot stand in a request line is %XX.
  static std::string QueryOf(const AccessLine& line) {
    std::string target;
    AppendEncoded("/?" + line.query, false, Encoding::kTarget, &target);
    return line.query.empty() ? "" : target.substr(1);
  }

  Scenario* scenario_;
  Replay replay_;
  std::map<Key, std::size_t> given_;  // with a body
  std::map<Key, std::size_t> made_;
  std::vector<std::pair<std::int64_t, std::int64_t>> spans_;
};

}  // namespace

Result<AccessLine> ParseAccessLine(std::string_view line) {
  const Json json = JsonOf(line);
  const auto duration = json.is_object() ? json.find("duration_us") : json.end();
  const auto end = json.is_object() ? ToUnixUs(TextOf(json, "time")) : std::nullopt;
  if (!end || duration == json.end() || !duration->is_number_integer()) {
    return Error{"this is no line of an access log in JSON (access_log_format = \"json\")"};
  }
  AccessLine read;
  read.duration_us = std::max<std::int64_t>(duration->get<std::int64_t>(), 0);
  read.begin_us = *end - read.duration_us;
  read.path = TextOf(json, "path");
  // Requests for no path at all, "OPTIONS *", are the server's business alone.
  read.method = read.path.starts_with('/') ? TextOf(json, "method") : "";
  read.query = TextOf(json, "query");
  return read;
}

Status LoadReplay(const std::string& path, double speed, Scenario* scenario) {
  std::error_code unknown;
  if (std::filesystem::is_fifo(path, unknown)) {
    return Error{fmt::format("'{}' is a pipe: give the log as a file", path)};
  }
  if (std::filesystem::is_directory(path, unknown)) {
    return Error{fmt::format("'{}' is a directory: give the log as a file", path)};
  }
  std::ifstream file(path);
  if (!file) {
    return SystemError(fmt::format("cannot read '{}'", path), errno);
  }
  ReplayBuilder builder(scenario);
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    Result<AccessLine> line = ParseAccessLine(text);
    if (!line) {
      return line.error().In(fmt::format("{}:{}", path, number));
    }
    builder.Add(*std::move(line));
  }
  if (const Status finished = builder.Finish(speed); !finished) {
    return finished.error().In(path);
  }
  UserKind kind;
  kind.cookies = !scenario->kinds.empty() && scenario->kinds.front().cookies;
  kind.sequences = {{1, {scenario->replay->lines.front().task}}};
  scenario->kinds = {kind};
  return {};
}

}  // namespace sqlicorn::loadgen
