// SPDX-License-Identifier: MIT
#include "tests/loadgen/measured_run.h"

#include <algorithm>
#include <chrono>

namespace sqlicorn::loadgen {
namespace {

Scenario TwoTasks() {
  Scenario scenario;
  scenario.tasks.resize(2);
  scenario.tasks[0].name = "/read/";
  scenario.tasks[1].method = "POST";
  scenario.tasks[1].name = "/write/";
  scenario.tasks[1].writes = true;
  return scenario;
}

}  // namespace

RunFixture::RunFixture(PlanStep step) : step_(step), stats_(TwoTasks()) {
  stats_.Begin(start_, 0);
}

void RunFixture::Read(Duration end, Duration latency, const std::string& error) {
  Answer(0, end, latency, error);
}

void RunFixture::Write(Duration end, Duration latency, const std::string& error) {
  Answer(1, end, latency, error);
}

void RunFixture::EndOfTime() {
  late_.emplace();
}

MeasuredRun RunFixture::Measured() const {
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

void RunFixture::Answer(std::size_t task, Duration end, Duration latency,
                        const std::string& error) {
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

}  // namespace sqlicorn::loadgen
