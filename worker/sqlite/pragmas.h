// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

enum class PragmaScope {
  kTrial,       // a check: as kConnection, but what only a start would set or make is not judged
  kPrepare,     // the preparing process, alone with the file: sets what the file keeps
  kConnection,  // every connection, a worker's too: verifies what the file keeps, sets the rest
};

// Sets the pragmas in the order that works, whatever theirs, and reads each one back:
//   etc/sqlicorn.toml:12:5: pragma journal_mode: wanted wal, found delete: <why, if known>
// Switching to or from WAL needs the file to itself and SQLite does not wait for that: kPrepare
// tries until the connection's busy timeout. What the values mean for the data is not judged here.
// REQUIRES: no transaction; pragmas that passed CheckPragma, no name twice. The preparing process
// applies kPrepare, then kConnection, then the schema.
[[nodiscard]] Status ApplyPragmas(Connection& connection, const std::vector<PragmaSpec>& pragmas,
                                  PragmaScope scope);

// The settings worth reporting as this connection has them, words instead of numbers
// ("synchronous", "normal"). One that cannot be read has the name of its error as value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> EffectivePragmas(
    Connection& connection);

// That a connection which is being set up found the database locked for longer than its busy
// timeout, and the way out.
[[nodiscard]] Error LockedByAnother(const Connection& connection);

}  // namespace sqlicorn
