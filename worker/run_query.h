// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/process.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// Runs one statement that only reads, on a connection opened exactly as a worker opens it, and
// prints the rows on stdout as a JSON array of objects. What is wrong is printed on stderr.
[[nodiscard]] ExitCode RunQuery(const ServerConfig& config, const std::string& sql);

// Prints the pragmas in effect on such a connection, and the version of SQLite, as one JSON object.
[[nodiscard]] ExitCode PrintPragmas(const ServerConfig& config);

// "sqlicorn (version 0.1.0, SQLite 3.40.1)"
[[nodiscard]] std::string VersionText();

// The SQLite in use can, rarely, corrupt a WAL database that several processes write at a time.
[[nodiscard]] bool VersionHasWalResetBug();

}  // namespace sqlicorn
