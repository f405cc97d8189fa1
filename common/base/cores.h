// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// How many cores this process may keep busy: those that it may run on, but no more than its control
// group has time for (cgroup v2: cpu.max of the group and of those above it). 1 at least.
[[nodiscard]] std::size_t UsableCores();

// The decision alone: of so many cores, with these contents of cpu.max ("max 100000", "150000
// 100000"). One core and a half are two: what is lost to waiting is less than half a core.
[[nodiscard]] std::size_t UsableCores(std::size_t allowed, const std::vector<std::string>& cpu_max);

// Where these stand, by /proc/PID/cgroup; none where there is no cgroup v2.
[[nodiscard]] std::vector<std::string> CpuMaxPaths(std::string_view cgroup);

}  // namespace sqlicorn
