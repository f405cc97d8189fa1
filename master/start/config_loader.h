// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/start/command_line.h"

namespace sqlicorn {

// Splits SQLICORN_CMD_ARGS as a shell would: blanks separate; '…' keeps everything, "…" everything
// but \" and \\, and a backslash elsewhere the character behind it. An error when a quote or a
// backslash at the end leaves the text open.
[[nodiscard]] Result<std::vector<std::string>> SplitArguments(std::string_view text);

// The configuration of this process from all its sources, weakest first: defaults (some from
// WEB_CONCURRENCY and PORT), the file, SQLICORN_CMD_ARGS, the command line. All paths in it are
// absolute; `start_directory` is where the program was started, wherever it works now.
[[nodiscard]] Result<ServerConfig> LoadConfig(const CommandLine& command_line,
                                              const std::string& start_directory);

}  // namespace sqlicorn
