// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"

namespace sqlicorn {

// What /proc says about other processes. A process that has gone has nothing: 0, or an empty list.

struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  char state = 'X';           // as in proc(5); 'T' is stopped
  std::uint64_t started = 0;  // in clock ticks since boot
  Duration cpu{};             // user and system time so far
};

// Living processes, zombies not among them, oldest first. Process numbers wrap around.
[[nodiscard]] std::vector<ProcessInfo> FindProcesses(
    const std::function<bool(const ProcessInfo&)>& wanted);

[[nodiscard]] ProcessInfo InfoOf(pid_t pid);

// Living, oldest first.
[[nodiscard]] std::vector<pid_t> ChildrenOf(pid_t parent);

// The children of a master without those that look after the write-ahead log.
[[nodiscard]] std::vector<pid_t> WorkersOf(pid_t master);

// The one that makes checkpoints; 0 = there is none.
[[nodiscard]] pid_t CheckpointerOf(pid_t master);

[[nodiscard]] std::size_t CountZombiesOf(pid_t parent);

// The children of a master that have set up their signals, as a worker does before it serves.
[[nodiscard]] std::vector<pid_t> ServingWorkersOf(pid_t master);

// Whether it has a handler of its own for `signal`.
[[nodiscard]] bool Catches(pid_t pid, int signal);

// One line of /proc/PID/status with its blanks made single: "65534 65534 65534 65534" for "Uid".
[[nodiscard]] std::string StatusWords(pid_t pid, const std::string& name);

// Of another process: what ps shows, and the working directory.
[[nodiscard]] std::string TitleOf(pid_t pid);
[[nodiscard]] std::string DirectoryOf(pid_t pid);

// By thread of these processes: how long it was ready to run and had no processor, until it last
// got one.
[[nodiscard]] std::map<pid_t, Duration> RunDelays(const std::vector<pid_t>& pids);

[[nodiscard]] std::size_t ResidentBytes(pid_t pid);
[[nodiscard]] std::size_t PeakResidentBytes(pid_t pid);

// Of TCP over IPv4: what a process has to wake others by is a socket too.
[[nodiscard]] std::size_t CountSockets(pid_t pid);

// Those that lead to the file, or to one whose name begins with its name.
[[nodiscard]] std::size_t CountDescriptorsOf(pid_t pid, const std::string& path);

// The one of `pids` that holds the server's end of the TCP connection from `client_port` to
// `server_port`, both on 127.0.0.1; 0 when none does yet.
[[nodiscard]] pid_t OwnerOfConnection(const std::vector<pid_t>& pids, int client_port,
                                      int server_port);

}  // namespace sqlicorn
