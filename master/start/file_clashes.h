// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// That no two settings name one file, by its path or by its inode: a pid file or a log at the path
// of the database would destroy it. One file for both logs is fine, and devices are not looked at.
// To be asked before any of the files is opened; nothing is made. Paths must be absolute.
[[nodiscard]] Status CheckFileClashes(const ServerConfig& config);

}  // namespace sqlicorn
