// SPDX-License-Identifier: MIT
#include "loadgen/run/user_session.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

std::int64_t UnixSeconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

bool HasValues(const TaskSpec& task) {
  return !task.take.empty() || HasMark(task.path) || HasMark(task.body) ||
         std::any_of(task.headers.begin(), task.headers.end(),
                     [](const auto& header) { return HasMark(header.second); });
}

bool LooksAtBody(const TaskSpec& task) {
  return task.expect.LooksAtBody() ||
         std::any_of(task.take.begin(), task.take.end(),
                     [](const TakenFrom& from) { return from.kind == TakenFrom::Kind::kJson; });
}

// The name of the header that brings a cookie, in any case.
bool IsSetCookie(std::string_view name) {
  constexpr std::string_view kName = "set-cookie";
  return std::equal(name.begin(), name.end(), kName.begin(), kName.end(),
                    [](char a, char b) { return (a | 0x20) == b || a == b; });
}

}  // namespace

bool NeedsSessions(const Scenario& scenario) {
  return scenario.replay || std::any_of(scenario.tasks.begin(), scenario.tasks.end(), HasValues) ||
         std::any_of(scenario.kinds.begin(), scenario.kinds.end(),
                     [](const UserKind& kind) { return kind.cookies; });
}

std::size_t KeptBodyBytes(const Scenario& scenario) {
  return std::any_of(scenario.tasks.begin(), scenario.tasks.end(), LooksAtBody)
             ? kLongestCheckedBody
             : 0;
}

UserSession::UserSession(RunValues& run, const UserKind& kind, std::uint64_t seed,
                         std::uint32_t number)
    : values_(run, seed, number), cookies_(kind.cookies) {}

std::string_view UserSession::Fill(RequestTemplate& request, std::uint64_t id) {
  const std::string_view bytes = request.BytesFor(id, values_);
  if (!cookies_) {
    return bytes;
  }
  path_ = PathOf(bytes);
  return WithCookies(bytes, jar_.For(path_, UnixSeconds()), &filled_);
}

void UserSession::KeepCookies(const Message& answer) {
  for (std::size_t i = 0; cookies_ && i < answer.header_count(); ++i) {
    const HeaderView header = answer.header(i);
    if (IsSetCookie(header.name)) {
      jar_.Store(header.value, path_, UnixSeconds());
    }
  }
}

std::string UserSession::Take(const TaskSpec& task, const Message& answer,
                              std::uint64_t body_bytes) {
  if (task.take.empty()) {
    return "";
  }
  const Result<std::vector<TakenText>> taken = TakeValues(task.take, answer, body_bytes);
  if (!taken) {
    return taken.error().message;
  }
  for (std::size_t i = 0; i < task.take.size(); ++i) {
    values_.Keep(task.take[i].value, taken.value()[i]);
  }
  return "";
}

}  // namespace sqlicorn::loadgen
