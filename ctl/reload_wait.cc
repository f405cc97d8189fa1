// SPDX-License-Identifier: MIT
#include "ctl/reload_wait.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;

constexpr Duration kLook = std::chrono::milliseconds(25);

json Parse(std::string_view data) {
  return OrderedJsonOf(data);
}

std::uint64_t Count(const json& data, const char* key) {
  const auto found = data.find(key);
  return found != data.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string Text(const json& data, const char* key) {
  const auto found = data.find(key);
  return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

ReloadEnd Fail(const Error& error) {
  return {error, ExitCode::kError};
}

// No call outlasts the wait.
ControlOutcome Ask(ControlClient& client, const std::vector<std::string>& words,
                   TimePoint deadline) {
  // The least the kernel takes for a limit at all.
  const Duration left = std::max<Duration>(deadline - Clock::now(), std::chrono::milliseconds(1));
  client.SetTimeout(std::min(left, ControlClient::kTimeout));
  return client.AskForData(words);
}

ReloadEnd Unanswered(const Error& error, TimePoint deadline) {
  return {error, Clock::now() >= deadline ? ExitCode::kTimeout : ExitCode::kError};
}

std::string Summary(const json& stats) {
  return DumpControlData({{"status", "reloaded"},
                          {"generation", Count(stats, "generation")},
                          {"workers_ready", Count(stats, "workers_ready")}});
}

ReloadState StateOf(const json& stats, std::uint64_t number) {
  if (Count(stats, "reloads_done") + Count(stats, "reloads_failed") >= number) {
    return Text(stats, "last_reload_error").empty() ? ReloadState::kDone : ReloadState::kFailed;
  }
  return Text(stats, "phase") == "stopping" ? ReloadState::kNeverEnds : ReloadState::kUnderWay;
}

}  // namespace

ReloadState StateOfReload(std::string_view stats, std::uint64_t number) {
  return StateOf(Parse(stats), number);
}

ReloadEnd ReloadAndWait(ControlClient& client, Duration limit) {
  const TimePoint deadline = Clock::now() + limit;
  const auto begun = Ask(client, {"reload"}, deadline);
  if (!begun) {
    return Unanswered(begun.error(), deadline);
  }
  const json begin = Parse(*begun);
  const std::uint64_t number = begin.is_object() ? Count(begin, "number") : 0;
  if (number == 0) {
    return Fail(Error{"the server reloads, but is too old to tell when it is done"});
  }
  while (true) {
    const auto answer = Ask(client, {"show", "stats"}, deadline);
    if (!answer) {
      return Unanswered(answer.error(), deadline);
    }
    const json stats = Parse(*answer);
    if (!stats.is_object()) {
      return Fail(Error{"the answer is not one of sqlicorn's control socket"});
    }
    switch (StateOf(stats, number)) {
      case ReloadState::kDone:
        return {Summary(stats), ExitCode::kOk};
      case ReloadState::kFailed:
        return Fail(Error{fmt::format("the reload has failed, the old configuration stays: {}",
                                      Text(stats, "last_reload_error"))});
      case ReloadState::kNeverEnds:
        return Fail(Error{"the server is stopping"});
      case ReloadState::kUnderWay:
        break;
    }
    if (Clock::now() >= deadline) {
      return {Error{fmt::format("the reload is not done after {} s and goes on; show stats tells "
                                "how it ends",
                                ToSeconds(limit))},
              ExitCode::kTimeout};
    }
    std::this_thread::sleep_for(std::min(kLook, deadline - Clock::now()));
  }
}

}  // namespace sqlicorn
