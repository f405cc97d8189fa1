// SPDX-License-Identifier: MIT
#include "tests/loadgen/comparison_sample.h"

#include <chrono>

#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen::sample {

ComparisonPlan Plan() {
  ComparisonPlan plan;
  plan.configurations = {
      {"defaults", {{"database.pragmas.journal_mode", "\"delete\""}}, {}},
      {"wal", {{"database.pragmas.journal_mode", "\"wal\""}, {"server.workers", "4"}}, {}},
      {"left-out", {}, {}}};
  return plan;
}

Provenance From() {
  return {"0.1.0",
          "2026-11-22 09:59:27 +0000",
          "ladder.toml",
          "seed.toml",
          "sqlicorn.toml",
          "bin/sqlicorn",
          100,
          1,
          0.5,
          2,
          42,
          {{"wal", "defaults"}, {"defaults", "wal"}},
          2,
          "A processor",
          "Linux 6.1.0 x86_64",
          "ext4"};
}

MeasuredRun Run(PlanStep step) {
  RunFixture run(step);
  const int scale = step.configuration == 0 ? 1 : 40;
  for (int i = 1; i <= 30 * scale; ++i) {
    run.Read(std::chrono::seconds(1), std::chrono::microseconds(40000 / scale + 700 * i));
  }
  for (int i = 1; i <= 9 * scale; ++i) {
    run.Write(std::chrono::seconds(1), std::chrono::microseconds(90000 / scale + 900 * i));
  }
  if (step.configuration == 0) {
    run.Cause("SQLITE_BUSY");
    run.Write(std::chrono::seconds(1), std::chrono::seconds(5),
              "HTTPError('503 Server Error: Service Unavailable for url: /write/')");
  } else {
    run.Read(std::chrono::seconds(1), std::chrono::microseconds(100),
             "ConnectionResetError(104, 'Connection reset by peer')");
  }
  MeasuredRun measured = run.Measured();
  measured.pragmas = {{"sqlite", "3.40.1"},
                      {"journal_mode", step.configuration == 0 ? "delete" : "wal"},
                      {"page_size", "4096"}};
  measured.audit = {AuditMethod::kById, 9, 9, 0, 0, 0, 0, "", {}};
  if (step.configuration == 1) {
    measured.turns = WriteTurns{.wait_us = {{272, 60}, {7936, 2}},
                                .hold_us = {{43.5, 20}, {671.5, 1}},
                                .batch = {{3, 20}, {22.5, 1}}};
  }
  return measured;
}

// In the order in which they were made.
std::vector<MeasuredRun> Runs() {
  std::vector<MeasuredRun> runs;
  for (const PlanStep step : {PlanStep{0, 1}, PlanStep{0, 0}, PlanStep{1, 0}, PlanStep{1, 1}}) {
    runs.push_back(Run(step));
  }
  return runs;
}

Comparison Built() {
  const ComparisonPlan plan = Plan();
  ComparisonBuilder builder(plan, From());
  for (const MeasuredRun& run : Runs()) {
    builder.Add(run);
  }
  return builder.Build();
}

}  // namespace sqlicorn::loadgen::sample
