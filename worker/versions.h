// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sqlicorn {

// "sqlicorn (version 0.1.0, SQLite 3.40.1)"
[[nodiscard]] std::string VersionText();

// The SQLite in use can, rarely, corrupt a WAL database that several processes write at a time.
[[nodiscard]] bool VersionHasWalResetBug();

}  // namespace sqlicorn
