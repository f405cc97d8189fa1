// SPDX-License-Identifier: MIT
#include "common/base/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "common/base/file.h"
#include "common/base/numbers.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kMounted = "/sys/fs/cgroup";

// A set of more cores than cpu_set_t holds is an error here, and that many are enough.
std::size_t AllowedCores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? static_cast<std::size_t>(CPU_COUNT(&set))
                                                      : CPU_SETSIZE;
}

// In cores; none where there is no limit.
std::optional<double> QuotaOf(std::string_view cpu_max) {
  const std::string_view line = cpu_max.substr(0, cpu_max.find('\n'));
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) {
    return std::nullopt;
  }
  const auto quota = ParseWhole<std::int64_t>(line.substr(0, blank));
  const auto period = ParseWhole<std::int64_t>(line.substr(blank + 1));
  if (!quota || !period || *period <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

}  // namespace

std::size_t UsableCores() {
  std::vector<std::string> cpu_max;
  const auto cgroup = ReadFile("/proc/self/cgroup");
  for (const std::string& path : CpuMaxPaths(cgroup ? *cgroup : "")) {
    if (auto text = ReadFile(path)) {
      cpu_max.push_back(*std::move(text));
    }
  }
  return UsableCores(AllowedCores(), cpu_max);
}

std::size_t UsableCores(std::size_t allowed, const std::vector<std::string>& cpu_max) {
  auto cores = static_cast<double>(allowed);
  for (const std::string& text : cpu_max) {
    cores = std::min(cores, QuotaOf(text).value_or(cores));
  }
  return static_cast<std::size_t>(std::max(1.0, std::round(cores)));
}

// Within a container its own group is the root that is mounted there, and what it was called
// outside may stand in /proc all the same: that file is not there, and the root's is.
std::vector<std::string> CpuMaxPaths(std::string_view cgroup) {
  constexpr std::string_view kUnified = "0::/";
  const std::size_t line = cgroup.starts_with(kUnified) ? 0 : cgroup.find("\n0::/");
  if (line == std::string_view::npos) {
    return {};
  }
  const std::size_t begin = cgroup.find('/', line);
  std::string group(cgroup.substr(begin, cgroup.find('\n', begin) - begin));
  std::vector<std::string> paths;
  for (; group.size() > 1; group.erase(group.rfind('/'))) {
    paths.push_back(std::string(kMounted) + group + "/cpu.max");
  }
  paths.push_back(std::string(kMounted) + "/cpu.max");
  return paths;
}

}  // namespace sqlicorn
