// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadgen/server/core_share.h"

// A comparison that is killed can clean nothing up itself. So its server, and a sweeper that
// removes its directory, are started through this program, which asks the kernel for a signal when
// the comparison dies. Neither command is for people, so --help does not know them.
namespace sqlicorn::loadgen {

// What stands before the command line of a server that is to be terminated when this process dies,
// and runs on these cores alone (none = on all). It becomes that server: its pid and its exit
// status are the server's.
[[nodiscard]] std::vector<std::string> TiedToThisProcess(const Cores& cores);

// The command line of a sweeper, which removes `directory` once this process has died. It is killed
// when there is nothing to sweep any more.
[[nodiscard]] std::vector<std::string> SweeperOf(const std::string& directory);

// Does what the two command lines say; nothing for any other. Returns the exit status.
[[nodiscard]] std::optional<int> RunGuard(int argc, char** argv);

}  // namespace sqlicorn::loadgen
