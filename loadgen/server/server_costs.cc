// SPDX-License-Identifier: MIT
#include "loadgen/server/server_costs.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <map>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "common/base/directory.h"
#include "common/base/file.h"
#include "common/base/numbers.h"

namespace sqlicorn::loadgen {
namespace {

using Processes = std::map<pid_t, ProcessStat>;

Processes AllProcesses() {
  Processes processes;
  for (const std::string& name : NamesIn("/proc")) {
    const auto pid = ParseWhole<pid_t>(name);
    const Result<std::string> text =
        pid ? ReadFile(fmt::format("/proc/{}/stat", name)) : Result<std::string>(Error{});
    if (const auto stat = text ? ParseProcessStat(*text) : std::nullopt) {
      processes.emplace(*pid, *stat);
    }
  }
  return processes;
}

std::vector<pid_t> TreeOf(pid_t root, const Processes& processes) {
  std::vector<pid_t> tree = {root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const auto& [pid, stat] : processes) {
      if (stat.parent == tree[i]) {
        tree.push_back(pid);
      }
    }
  }
  return tree;
}

// In nanoseconds where the clock of the process can be had; what /proc says is in hundredths of a
// second and loses up to one of them for each process.
double CpuSecondsOf(pid_t pid, const ProcessStat& stat) {
  const auto per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  double seconds = static_cast<double>(stat.cpu_ticks) / per_second;
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &time) == 0) {
    seconds = static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  return seconds + static_cast<double>(stat.children_cpu_ticks) / per_second;
}

std::optional<std::uint64_t> SwitchesOf(pid_t pid) {
  std::optional<std::uint64_t> sum;
  const std::string tasks = fmt::format("/proc/{}/task", pid);
  for (const std::string& task : NamesIn(tasks)) {
    const Result<std::string> text = ReadFile(fmt::format("{}/{}/status", tasks, task));
    const auto wanted = text ? NumberNamed(*text, "voluntary_ctxt_switches") : std::nullopt;
    const auto forced = text ? NumberNamed(*text, "nonvoluntary_ctxt_switches") : std::nullopt;
    if (wanted && forced) {
      sum = sum.value_or(0) + *wanted + *forced;
    }
  }
  return sum;
}

void AddTo(std::optional<std::uint64_t>* sum, std::optional<std::uint64_t> more) {
  *sum = *sum && more ? std::make_optional(**sum + *more) : std::nullopt;
}

void AddProcess(pid_t pid, const ProcessStat& stat, ServerCosts* costs) {
  costs->cpu_s += CpuSecondsOf(pid, stat);
  costs->minor_faults += stat.minor_faults;
  costs->major_faults += stat.major_faults;
  if (stat.state == 'Z') {
    return;  // what it wrote is its parent's once it was waited for
  }
  ++costs->processes;
  AddTo(&costs->switches, SwitchesOf(pid));
  const Result<std::string> io = ReadFile(fmt::format("/proc/{}/io", pid));
  AddTo(&costs->written_bytes, io ? NumberNamed(*io, "write_bytes") : std::nullopt);
  AddTo(&costs->write_calls, io ? NumberNamed(*io, "syscw") : std::nullopt);
}

// A partition's flushes are counted for its whole disk. Devices that only pass requests on have no
// count, nor has a file system without a device.
std::optional<std::uint64_t> FlushesOf(const std::string& directory) {
  struct stat status {};

  if (stat(directory.c_str(), &status) != 0) {
    return std::nullopt;
  }
  const std::string device =
      fmt::format("/sys/dev/block/{}:{}/", major(status.st_dev), minor(status.st_dev));
  const bool partition = access((device + "partition").c_str(), F_OK) == 0;
  const Result<std::string> text = ReadFile(device + (partition ? "../stat" : "stat"));
  if (!text) {
    return std::nullopt;
  }
  constexpr int kFlushField = 16;
  std::istringstream fields(*text);
  std::uint64_t value = 0;
  for (int i = 0; i < kFlushField; ++i) {
    if (!(fields >> value)) {
      return std::nullopt;
    }
  }
  return value == 0 ? std::nullopt : std::make_optional(value);
}

std::optional<std::uint64_t> Difference(std::optional<std::uint64_t> after,
                                        std::optional<std::uint64_t> before) {
  return after && before && *after >= *before ? std::make_optional(*after - *before) : std::nullopt;
}

}  // namespace

std::optional<ServerCosts> CostsOf(pid_t pid, const std::string& directory) {
  const Processes processes = AllProcesses();
  if (processes.count(pid) == 0) {
    return std::nullopt;
  }
  ServerCosts costs;
  costs.switches = costs.written_bytes = costs.write_calls = 0;
  for (const pid_t one : TreeOf(pid, processes)) {
    const ProcessStat& stat = processes.at(one);
    AddProcess(one, stat, &costs);
    if (stat.parent == pid && stat.state != 'Z') {
      costs.roots.push_back(one);
    }
  }
  costs.flushes = FlushesOf(directory);
  return costs;
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  for (const auto& [child, stat] : AllProcesses()) {
    if (stat.parent == pid && stat.state != 'Z') {
      children.push_back(child);
    }
  }
  return children;
}

std::vector<pid_t> DescendantsOf(pid_t pid) {
  const Processes processes = AllProcesses();
  std::vector<pid_t> tree = TreeOf(pid, processes);
  std::erase_if(tree, [&](pid_t one) {
    const auto found = processes.find(one);
    return one == pid || found == processes.end() || found->second.state == 'Z';
  });
  return tree;
}

std::string ProcessName(pid_t pid) {
  const Result<std::string> comm = ReadFile(fmt::format("/proc/{}/comm", pid));
  return fmt::format("{} (pid {})", comm ? comm->substr(0, comm->find('\n')) : "?", pid);
}

bool LostRoot(const ServerCosts& after, const ServerCosts& before) {
  return std::any_of(before.roots.begin(), before.roots.end(), [&](pid_t root) {
    return std::find(after.roots.begin(), after.roots.end(), root) == after.roots.end();
  });
}

std::optional<ServerCosts> CostsSince(const ServerCosts& after, const ServerCosts& before) {
  if (after.cpu_s < before.cpu_s || LostRoot(after, before)) {
    return std::nullopt;
  }
  ServerCosts since;
  since.cpu_s = after.cpu_s - before.cpu_s;
  since.minor_faults = Difference(after.minor_faults, before.minor_faults).value_or(0);
  since.major_faults = Difference(after.major_faults, before.major_faults).value_or(0);
  since.processes = after.processes;
  since.switches = Difference(after.switches, before.switches);
  since.written_bytes = Difference(after.written_bytes, before.written_bytes);
  since.write_calls = Difference(after.write_calls, before.write_calls);
  since.flushes = Difference(after.flushes, before.flushes);
  return since;
}

ServerCosts SumOf(const ServerCosts& one, const ServerCosts& other) {
  ServerCosts sum = one;
  sum.cpu_s += other.cpu_s;
  sum.minor_faults += other.minor_faults;
  sum.major_faults += other.major_faults;
  sum.processes += other.processes;
  AddTo(&sum.switches, other.switches);
  AddTo(&sum.written_bytes, other.written_bytes);
  AddTo(&sum.write_calls, other.write_calls);
  AddTo(&sum.flushes, other.flushes);
  return sum;
}

// The name in parentheses may have blanks and parentheses in it.
std::optional<ProcessStat> ParseProcessStat(std::string_view text) {
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  std::istringstream fields{std::string(text.substr(name_end + 2))};
  ProcessStat stat;
  std::int64_t skipped = 0;
  std::array<std::uint64_t, 4> faults{};  // minor, of its children, major, of its children
  std::array<std::uint64_t, 4> ticks{};   // user, system, of its children the same
  fields >> stat.state >> stat.parent;
  for (int i = 0; i < 5; ++i) {
    fields >> skipped;  // group, session, terminal, its group, flags
  }
  for (std::uint64_t& count : faults) {
    fields >> count;
  }
  for (std::uint64_t& count : ticks) {
    fields >> count;
  }
  if (!fields) {
    return std::nullopt;
  }
  stat.minor_faults = faults[0] + faults[1];
  stat.major_faults = faults[2] + faults[3];
  stat.cpu_ticks = ticks[0] + ticks[1];
  stat.children_cpu_ticks = ticks[2] + ticks[3];
  return stat;
}

std::optional<std::uint64_t> NumberNamed(std::string_view text, std::string_view name) {
  const std::string wanted = std::string(name) + ":";
  std::size_t at = text.starts_with(wanted) ? 0 : text.find("\n" + wanted);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  at = text.find_first_of("0123456789", at + wanted.size());
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  if (at == std::string_view::npos ||
      std::from_chars(text.data() + at, end, value).ec != std::errc()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace sqlicorn::loadgen
