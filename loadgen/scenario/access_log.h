// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// One line of an access log in the server's JSON format.
struct AccessLine {
  std::int64_t begin_us = 0;     // when the request came, unix time to the millisecond
  std::int64_t duration_us = 0;  // until it was answered
  std::string method;            // "" = it was no request that could be read
  std::string path;              // decoded
  std::string query;             // as it was sent
};

// The error says what is wrong with the line.
[[nodiscard]] Result<AccessLine> ParseAccessLine(std::string_view line);

// Makes a scenario that sends the requests of a log again, each as long after the first as it came,
// divided by `speed`. Bodies are not in a log: what has a method that brings one is sent as the
// scenario's task with the same method and path, if there is one, and else left out and counted.
// The error names the line, or says that nothing is left.
[[nodiscard]] Status LoadReplay(const std::string& path, double speed, Scenario* scenario);

}  // namespace sqlicorn::loadgen
