// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/command_line.h"

namespace sqlicorn {

// The configuration of this process from all its sources, weakest first: defaults (some from
// WEB_CONCURRENCY and PORT), the file, SQLICORN_CMD_ARGS, the command line.
[[nodiscard]] Result<ServerConfig> LoadConfig(const CommandLine& command_line);

}  // namespace sqlicorn
