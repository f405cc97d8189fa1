// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "loadgen/stats/ack_ledger.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// All that is known after a run: plain data, the only thing report writers and comparisons read.
struct RunResult {
  std::string scenario;  // Scenario::source
  std::string host;
  std::string run_id;
  std::uint32_t users = 0;
  double spawn_rate = 1;
  std::uint64_t seed = 0;
  double duration_s = 0;         // from the start of counting to the last answer
  double cpu_s = 0;              // of the generator itself, user and system, in that time
  std::uint64_t unanswered = 0;  // requests given up at the end; they are in no statistic
  bool interrupted = false;      // ended by Stop, not by its run time
  RunStats stats;
  AckLedger ledger;
};

inline constexpr std::array<double, 11> kReportPercents = {50, 66, 75,   80,    90, 95,
                                                           98, 99, 99.9, 99.99, 100};

// The times of a histogram in milliseconds, to the microsecond.
struct LatencySummary {
  double avg_ms = 0;
  double min_ms = 0;
  double max_ms = 0;
  double median_ms = 0;
  std::array<double, kReportPercents.size()> percentiles_ms{};  // by kReportPercents
};

[[nodiscard]] LatencySummary Summarize(const Histogram& latency);

}  // namespace sqlicorn::loadgen
