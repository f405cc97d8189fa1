// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/server/core_share.h"

// The process between a comparison and the server it starts. That server may be a shell, and what
// the shell starts may leave it; so the keeper is the one to whom the kernel gives every process of
// the server that loses its parent (PR_SET_CHILD_SUBREAPER). It ends when none of them is left, as
// the command did that it had started. It also ends them all when the comparison dies.
namespace sqlicorn::loadgen {

// What a keeper does.
//
//   kServing -> kStopping -> kKilling
//
// A command that ends well and leaves processes behind is a daemon: it serves. One that fails takes
// them along.
enum class KeeperState : std::uint8_t {
  kServing,
  kStopping,  // the command was sent its signal; once it has ended, what it left is sent that too
  kKilling    // everything is sent SIGKILL, again and again
};

enum class KeeperEvent : std::uint8_t {
  kToldToStop,  // or the comparison has died
  kCommandDone,
  kCommandFailed,
  kLate,  // the grace is over
  kToldToKill
};

// The state itself where the event changes nothing.
[[nodiscard]] KeeperState StateAfter(KeeperState state, KeeperEvent event);

// What a keeper is told by: SIGTERM stops the server by the signal that it wants, this kills it.
inline constexpr int kKillWord = SIGUSR1;

// What stands before the command line of a server that runs on these cores alone (none = on all)
// and wants to be ended by `stop_signal`. For this program alone: --help does not know it.
[[nodiscard]] std::vector<std::string> KeeperOf(const Cores& cores, int stop_signal);

// A keeper's life, in a process of its own. `arguments` are those of KeeperOf behind its first
// word. Returns the exit status; dies by the signal by which the command died.
[[nodiscard]] int Keep(int argc, char** arguments);

inline constexpr char kKeeperWord[] = "keep";

}  // namespace sqlicorn::loadgen
