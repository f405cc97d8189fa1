// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/config/server_config.h"

namespace sqlicorn {

// All of it as TOML, defaults included, that reads back to the same configuration.
[[nodiscard]] std::string PrintServerConfig(const ServerConfig& config);

}  // namespace sqlicorn
