// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "common/base/syslog.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// How to reach the syslog daemon; nothing when `settings` does not ask for one.
// REQUIRES: the settings were checked.
[[nodiscard]] std::optional<SyslogOptions> SyslogOptionsOf(const ServerSettings& settings);

}  // namespace sqlicorn
