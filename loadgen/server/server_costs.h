// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn::loadgen {

// What a server has used since it began, as the kernel tells it: the process, its descendants, and
// those of them that have ended and were waited for. None where the kernel does not tell: another
// user's processes hide what they write, and a process that has ended its context switches.
struct ServerCosts {
  double cpu_s = 0;  // user and system
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;              // a page was read from the disk
  std::uint64_t processes = 0;                 // alive
  std::optional<std::uint64_t> switches;       // of the context, wanted or not
  std::optional<std::uint64_t> written_bytes;  // to pages of files, whenever they reach the disk
  std::optional<std::uint64_t> write_calls;
  std::optional<std::uint64_t> flushes;  // of the disk, by whomever: no process has a count of its
                                         // own
  std::vector<pid_t> roots{};            // the living children of the process
};

// Of the process `pid` and its descendants, and of the disk that holds `directory`. None when there
// is no such process.
[[nodiscard]] std::optional<ServerCosts> CostsOf(pid_t pid, const std::string& directory);

// The living children of a process, and those with their own and so on.
[[nodiscard]] std::vector<pid_t> ChildrenOf(pid_t pid);
[[nodiscard]] std::vector<pid_t> DescendantsOf(pid_t pid);

// "python3 (pid 123)".
[[nodiscard]] std::string ProcessName(pid_t pid);

// Whether a child that was there in an earlier look has ended.
[[nodiscard]] bool LostRoot(const ServerCosts& after, const ServerCosts& before);

// What came after `before`, an earlier look at the same server. None where a process has taken what
// it used out of the account.
[[nodiscard]] std::optional<ServerCosts> CostsSince(const ServerCosts& after,
                                                    const ServerCosts& before);

// What two servers used; what one of them does not tell is in none of both.
[[nodiscard]] ServerCosts SumOf(const ServerCosts& one, const ServerCosts& other);

// One process of /proc, of the fields that matter here.
struct ProcessStat {
  pid_t parent = 0;
  char state = '?';                // 'Z' = it has ended and was not waited for
  std::uint64_t minor_faults = 0;  // with those of its children that were waited for
  std::uint64_t major_faults = 0;
  std::uint64_t cpu_ticks = 0;
  std::uint64_t children_cpu_ticks = 0;  // of those waited for
};

// From the text of /proc/PID/stat.
[[nodiscard]] std::optional<ProcessStat> ParseProcessStat(std::string_view text);

// The number behind "name:" at the start of a line, as in /proc/PID/status and /proc/PID/io.
[[nodiscard]] std::optional<std::uint64_t> NumberNamed(std::string_view text,
                                                       std::string_view name);

}  // namespace sqlicorn::loadgen
