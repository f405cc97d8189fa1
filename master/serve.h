// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/exit_code.h"
#include "common/config/server_config.h"
#include "master/command_line.h"
#include "master/daemon.h"
#include "master/program_start.h"

namespace sqlicorn {

// The life of a server, from a valid configuration to the exit code. What keeps it from starting is
// printed on stderr, and nothing is left behind. `line` is read again for a reload, `start` run
// again for an upgrade. `launch` is told when the server serves; null in the foreground.
[[nodiscard]] ExitCode Serve(ServerConfig config, const CommandLine& line,
                             const ProgramStart& start, LaunchReport* launch);

}  // namespace sqlicorn
