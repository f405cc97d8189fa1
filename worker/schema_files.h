// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

class Connection;

// The schema's SQL files are run on `connection` by the child that prepares a start or a reload.
// A file that changes nothing, as CREATE TABLE IF NOT EXISTS of a table that exists, takes no write
// lock, so that a reload need not wait for those who write; any other waits for them as long as
// `database.timeout` says. Errors name file, line and column.

// The schema, then every endpoint on it, in a transaction which stays open: a schema is applied
// whole or not at all. After an error of the schema none is open.
Status TryOut(Connection& connection, const ServerConfig& config);

// How it ends, when there is one. An error has rolled it back.
Status CommitSchema(Connection& connection);
void RollBackSchema(Connection& connection);

}  // namespace sqlicorn
