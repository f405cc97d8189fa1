// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "loadgen/compare/configuration_run.h"

namespace sqlicorn::loadgen {

// Makes the result of a run with one second of counted time, of a scenario with GET /read/ and
// POST /write/. Answers are told by their end, since the start, and their latency.
class RunFixture {
 public:
  explicit RunFixture(PlanStep step);

  void Read(Duration end, Duration latency, const std::string& error = "");
  void Write(Duration end, Duration latency, const std::string& error = "");

  // Of the failures that follow.
  void Cause(const std::string& cause) { cause_ = cause; }

  // What follows is late.
  void EndOfTime();

  [[nodiscard]] MeasuredRun Measured() const;

 private:
  void Answer(std::size_t task, Duration end, Duration latency, const std::string& error);

  PlanStep step_;
  std::string cause_;
  TimePoint start_ = TimePoint(std::chrono::seconds(50));
  RunStats stats_;
  std::optional<LateAnswers> late_;  // from EndOfTime on
};

}  // namespace sqlicorn::loadgen
