// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

// One clear line for what SQLite would report as "unable to open database file" or worse, not at
// all: no such directory, no permission for the file or its directory (SQLite creates the journal
// beside it), a directory or a device, not a SQLite database, a -wal whose database is gone, a file
// system that endangers it (see CheckFileSystem).
// Where `mode` only reads, nothing need be writable, but the database must be there, and an
// immutable one may have no journal that it would need.
//
// It opens and closes the file, which drops every POSIX lock this process holds on it: call it only
// in the short-lived preparing child, before SQLite opens the database. Never in a worker.
[[nodiscard]] Status CheckDatabaseFile(const DatabaseSettings& settings, OpenMode mode);

}  // namespace sqlicorn
