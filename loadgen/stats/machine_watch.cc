// SPDX-License-Identifier: MIT
#include "loadgen/stats/machine_watch.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/base/file.h"
#include "common/base/numbers.h"
#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

std::string_view TakeWord(std::string_view* text) {
  text->remove_prefix(std::min(text->find_first_not_of(" \n"), text->size()));
  const std::string_view word = text->substr(0, text->find_first_of(" \n"));
  text->remove_prefix(word.size());
  return word;
}

// What `parse` makes of the file; nothing where it is not there.
template <typename Parse>
auto Read(const char* path, Parse parse) -> decltype(parse(std::string_view())) {
  const Result<std::string> text = ReadFile(path);
  return text ? parse(*text) : std::nullopt;
}

std::optional<double> Since(std::optional<double> begin, std::optional<double> end) {
  return begin && end ? std::optional<double>(*end - *begin) : std::nullopt;
}

}  // namespace

// "cpu  user nice system idle iowait irq softirq steal …"; guest time is in user time already.
std::optional<CpuTimes> ParseCpuTimes(std::string_view proc_stat, double ticks) {
  if (TakeWord(&proc_stat) != "cpu") {
    return std::nullopt;
  }
  std::array<double, 8> counts{};
  for (double& count : counts) {
    const auto number = ParseWhole<double>(TakeWord(&proc_stat));
    if (!number) {
      return std::nullopt;
    }
    count = *number / ticks;
  }
  const auto& [user, nice, system, idle, iowait, irq, softirq, steal] = counts;
  return CpuTimes{user + nice + system + irq + softirq, steal};
}

// "<ns on a core> <ns waiting for one> <time slices>"
std::optional<double> ParseRunQueueWait(std::string_view schedstat) {
  TakeWord(&schedstat);
  const auto ns = ParseWhole<double>(TakeWord(&schedstat));
  return ns ? std::optional<double>(*ns / 1e9) : std::nullopt;
}

// "some avg10=0.00 avg60=0.00 avg300=0.00 total=<us>"
std::optional<double> ParsePressure(std::string_view pressure_cpu) {
  constexpr std::string_view kTotal = "total=";
  const std::size_t at = pressure_cpu.find(kTotal);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  pressure_cpu.remove_prefix(at + kTotal.size());
  const auto us = ParseWhole<double>(TakeWord(&pressure_cpu));
  return us ? std::optional<double>(*us / 1e6) : std::nullopt;
}

std::optional<double> ParseLoadAverage(std::string_view loadavg) {
  return ParseWhole<double>(TakeWord(&loadavg));
}

MachineCounts ReadMachineCounts() {
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto times =
      Read("/proc/stat", [ticks](std::string_view text) { return ParseCpuTimes(text, ticks); });
  MachineCounts counts;
  counts.own_cpu_s = CpuSeconds();
  counts.run_queue_wait_s = Read("/proc/self/schedstat", ParseRunQueueWait);
  counts.pressure_s = Read("/proc/pressure/cpu", ParsePressure);
  if (times) {
    counts.busy_s = times->busy_s;
    counts.steal_s = times->steal_s;
  }
  return counts;
}

void MachineWatch::Begin() {
  begin_ = ReadMachineCounts();
  load_average_ = Read("/proc/loadavg", ParseLoadAverage);
}

void MachineWatch::End(MeasurementFacts* facts) const {
  const MachineCounts end = ReadMachineCounts();
  facts->cores = static_cast<std::uint32_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  facts->generator_cpu_s = end.own_cpu_s - begin_.own_cpu_s;
  facts->run_queue_wait_s = Since(begin_.run_queue_wait_s, end.run_queue_wait_s);
  facts->steal_s = Since(begin_.steal_s, end.steal_s);
  facts->pressure_s = Since(begin_.pressure_s, end.pressure_s);
  facts->load_average = load_average_;
  if (const auto busy = Since(begin_.busy_s, end.busy_s)) {
    facts->other_cpu_s = std::max(0.0, *busy - facts->generator_cpu_s);
  }
}

}  // namespace sqlicorn::loadgen
