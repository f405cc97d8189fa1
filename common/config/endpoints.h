// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// Both add what is wrong to `faults`.

// Reads [statements]: `name = "SQL"`. One that is wrong is there all the same, for the endpoints
// that name it. REQUIRES: `table` holds a Table.
[[nodiscard]] std::vector<StatementSpec> ReadStatements(const Value& table, Faults* faults);

// Reads the [[endpoint]] tables into config->endpoints. Whether a statement's parameters are in the
// endpoint's param set is for the worker to check: only SQLite knows them.
// REQUIRES: every element holds a Table; the rest of `config` has been read.
void ReadEndpoints(const std::vector<const Value*>& tables, ServerConfig* config, Faults* faults);

}  // namespace sqlicorn
