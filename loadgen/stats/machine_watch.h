// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "loadgen/stats/verdict.h"

namespace sqlicorn::loadgen {

// What /proc tells of this process and of the machine, all of it counted since some beginning.
struct MachineCounts {
  double own_cpu_s = 0;
  std::optional<double> run_queue_wait_s;
  std::optional<double> busy_s;  // of all cores
  std::optional<double> steal_s;
  std::optional<double> pressure_s;
};

// Notes what the kernel has counted at the beginning of a window and what it has at its end. What a
// kernel does not tell is left open.
class MachineWatch {
 public:
  void Begin();

  // Fills in what belongs to the time since Begin.
  void End(MeasurementFacts* facts) const;

 private:
  MachineCounts begin_;
  std::optional<double> load_average_;
};

[[nodiscard]] MachineCounts ReadMachineCounts();

// The single files, as text. `ticks`: of the clock in which /proc/stat counts, per second.
struct CpuTimes {
  double busy_s = 0;
  double steal_s = 0;
};

[[nodiscard]] std::optional<CpuTimes> ParseCpuTimes(std::string_view proc_stat, double ticks);
[[nodiscard]] std::optional<double> ParseRunQueueWait(std::string_view schedstat);
[[nodiscard]] std::optional<double> ParsePressure(std::string_view pressure_cpu);
[[nodiscard]] std::optional<double> ParseLoadAverage(std::string_view loadavg);

}  // namespace sqlicorn::loadgen
