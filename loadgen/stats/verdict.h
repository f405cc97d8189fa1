// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sqlicorn::loadgen {

// What tells whether a measurement is of the server, or of the generator and the machine. Times are
// those of the window.
struct MeasurementFacts {
  double window_s = 0;
  std::uint32_t cores = 0;                 // of the machine
  double generator_cpu_s = 0;              // used by the generator
  double standstill_s = 0;                 // the longest in which the generator did nothing at all
  std::optional<double> run_queue_wait_s;  // the generator could run and had no core
  std::optional<double> other_cpu_s;       // used by all others, the server among them
  std::optional<double> server_cpu_s;      // used by the server; none where it is not ours
  std::optional<double> steal_s;           // of all cores, taken by the hypervisor
  std::optional<double> pressure_s;        // somebody waited for a core (PSI)
  std::optional<double> load_average;      // of the last minute, at the beginning
  std::uint64_t lag_samples = 0;           // of answers: from the kernel's receipt to our reading
  double lag_p99_us = 0;
  double latency_p99_us = 0;
  std::uint64_t requests = 0;
  // Of an open loop; that no user was free is not the generator's fault.
  std::uint64_t timed_sends = 0;
  double lateness_p99_us = 0;
  std::uint64_t due = 0;
  std::uint64_t never_sent = 0;
};

// Why the numbers cannot be believed, a sentence each; none = VALID.
[[nodiscard]] std::vector<std::string> Judge(const MeasurementFacts& facts);

}  // namespace sqlicorn::loadgen
