// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/http/url.h"
#include "loadgen/run/user_values.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// The octets of a task's requests, built once; only the digits of the unique id and the values of
// the user change between them.
class RequestTemplate {
 public:
  // `host` is the server's URL; its path, if it has one, precedes the task's. `run_id` has 8
  // characters.
  RequestTemplate(const TaskSpec& task, const Url& host, std::string_view run_id);

  [[nodiscard]] bool unique() const { return counter_at_ != std::string::npos; }

  // There are values to put in.
  [[nodiscard]] bool has_values() const { return has_values_; }

  // The request with this id in its unique field, if it has one. Valid until the next call.
  // REQUIRES: id has at most 10 digits, !has_values().
  [[nodiscard]] std::string_view BytesFor(std::uint64_t id);

  // The same with the values of a user. Does not allocate once it had its longest request.
  [[nodiscard]] std::string_view BytesFor(std::uint64_t id, UserValues& values);

 private:
  void PutId(std::uint64_t id);
  // Appends `text` with the values for its marks.
  void Fill(std::string_view text, UserValues& values, std::string* out) const;

  std::string bytes_;
  std::size_t body_at_ = 0;
  std::size_t counter_at_ = std::string::npos;
  bool has_values_ = false;
  std::string body_;    // of the last request with values
  std::string filled_;  // all of it
};

}  // namespace sqlicorn::loadgen
