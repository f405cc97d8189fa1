// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "loadgen/compare/configuration_run.h"

namespace sqlicorn::loadgen {

// Makes the result of a run with one second of counted time, of a scenario with GET /read/ and
// POST /write/. Answers are told by their end, since the start, and their latency.
class RunFixture {
 public:
  explicit RunFixture(PlanStep step) : step_(step), stats_(TwoTasks()) { stats_.Begin(start_, 0); }

  void Read(Duration end, Duration latency, const std::string& error = "") {
    Answer(0, end, latency, error);
  }

  void Write(Duration end, Duration latency, const std::string& error = "") {
    Answer(1, end, latency, error);
  }

  // Of the failures that follow.
  void Cause(const std::string& cause) { cause_ = cause; }

  // What follows is late.
  void EndOfTime() { late_.emplace(); }

  [[nodiscard]] MeasuredRun Measured() const {
    MeasuredRun run = {step_,
                       {"s.toml",
                        "http://h",
                        "00000000",
                        3,
                        3,
                        42,
                        1,
                        0.5,
                        0,
                        false,
                        stats_,
                        {},
                        late_.value_or(LateAnswers())},
                       {},
                       {},
                       ""};
    run.result.facts.window_s = 1;
    run.result.facts.cores = 2;
    run.result.facts.requests = stats_.requests();
    return run;
  }

 private:
  static Scenario TwoTasks() {
    Scenario scenario;
    scenario.tasks.resize(2);
    scenario.tasks[0].name = "/read/";
    scenario.tasks[1].method = "POST";
    scenario.tasks[1].name = "/write/";
    scenario.tasks[1].writes = true;
    return scenario;
  }

  void Answer(std::size_t task, Duration end, Duration latency, const std::string& error) {
    Sample sample;
    sample.task = task;
    sample.outcome = error.empty() ? Outcome::kOk : Outcome::kErrorStatus;
    sample.cause = error.empty() ? std::string_view() : cause_;
    sample.end = start_ + end;
    sample.start = sample.intended_start = sample.end - latency;
    if (late_) {
      ++late_->requests;
      late_->longest_us = std::max(late_->longest_us, sample.LatencyUs());
    } else {
      stats_.Record(sample, error);
    }
  }

  PlanStep step_;
  std::string cause_;
  TimePoint start_ = TimePoint(std::chrono::seconds(50));
  RunStats stats_;
  std::optional<LateAnswers> late_;  // from EndOfTime on
};

}  // namespace sqlicorn::loadgen
