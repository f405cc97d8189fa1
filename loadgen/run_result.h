// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "loadgen/ack_ledger.h"
#include "loadgen/run_stats.h"

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

}  // namespace sqlicorn::loadgen
