// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/http/message.h"
#include "loadgen/run/cookie_jar.h"
#include "loadgen/run/request_template.h"
#include "loadgen/run/user_values.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// Whether the users of a scenario have something to remember from request to request: values or
// cookies. If not they need no session.
[[nodiscard]] bool NeedsSessions(const Scenario& scenario);

// How many octets of each body have to be kept for what the scenario looks at; 0 = none.
[[nodiscard]] std::size_t KeptBodyBytes(const Scenario& scenario);

// What one user remembers.
class UserSession {
 public:
  // `run` outlives the session. `number` is the user's, from 0.
  UserSession(RunValues& run, const UserKind& kind, std::uint64_t seed, std::uint32_t number);

  // A new task begins, and with it new values.
  void BeginTask() { values_.BeginTask(); }

  void Put(std::size_t value, const std::string& text) { values_.Keep(value, {text, false}); }

  // The request with this id, its values and cookies. Valid until the next call.
  [[nodiscard]] std::string_view Fill(RequestTemplate& request, std::uint64_t id);

  // Keeps the cookies of an answer to what Fill gave last.
  void KeepCookies(const Message& answer);

  // Keeps what the task takes from it. What is wrong, or "".
  [[nodiscard]] std::string Take(const TaskSpec& task, const Message& answer,
                                 std::uint64_t body_bytes);

 private:
  UserValues values_;
  bool cookies_;
  CookieJar jar_;
  std::string path_;    // of the request, without query
  std::string filled_;  // with cookies
};

}  // namespace sqlicorn::loadgen
