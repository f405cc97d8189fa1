// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

// A comparison that is killed can clean nothing up itself. So a keeper of its server, and a sweeper
// that removes its directory, are processes of this program that ask the kernel for a signal when
// the comparison dies. Neither command is for people, so --help does not know them.
namespace sqlicorn::loadgen {

// Works after an upgrade of the file too.
inline constexpr char kThisProgram[] = "/proc/self/exe";

// Has the kernel send this process a signal when its parent dies. False when that has happened
// already: another one is the parent.
[[nodiscard]] bool AskForSignalOfParent(int signal, pid_t parent);

// The command line of a sweeper, which removes `directory` once this process has died. It is killed
// when there is nothing to sweep any more.
[[nodiscard]] std::vector<std::string> SweeperOf(const std::string& directory);

// Does what the two command lines say; nothing for any other. Returns the exit status.
[[nodiscard]] std::optional<int> RunGuard(int argc, char** argv);

}  // namespace sqlicorn::loadgen
