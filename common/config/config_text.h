// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// The configuration that a file and its overrides make. `directory` is where relative paths start:
// see ConfigDirectory. The error has a line for each fault, with its place. Touches no file.
// REQUIRES: `root` holds a Table, `directory` is absolute.
[[nodiscard]] Result<ServerConfig> BuildServerConfig(const Value& root,
                                                     const std::string& directory);

// The absolute directory of the configuration file.
[[nodiscard]] std::string ConfigDirectory(const std::string& config_path);

// All of it as TOML, defaults included, that reads back to the same configuration.
[[nodiscard]] std::string PrintServerConfig(const ServerConfig& config);

}  // namespace sqlicorn
