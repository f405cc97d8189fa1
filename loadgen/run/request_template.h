// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/http/url.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// The octets of a task's requests, built once; only the digits of the unique id change between
// them.
class RequestTemplate {
 public:
  // `host` is the server's URL; its path, if it has one, precedes the task's. `run_id` has 8
  // characters.
  RequestTemplate(const TaskSpec& task, const Url& host, std::string_view run_id);

  [[nodiscard]] bool unique() const { return counter_at_ != std::string::npos; }

  // The request with this id in its unique field, if it has one. Valid until the next call.
  // REQUIRES: id has at most 10 digits.
  [[nodiscard]] std::string_view BytesFor(std::uint64_t id);

 private:
  std::string bytes_;
  std::size_t counter_at_ = std::string::npos;
};

}  // namespace sqlicorn::loadgen
