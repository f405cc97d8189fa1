// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// Reads [statements]: `name = "SQL"`. REQUIRES: `table` holds a Table.
[[nodiscard]] Result<std::vector<StatementSpec>> ReadStatements(const Value& table);

// Reads the [[endpoint]] tables into config->endpoints. Whether a statement's parameters are in the
// endpoint's param set is for the worker to check: only SQLite knows them.
// REQUIRES: every element holds a Table; the rest of `config` has been read.
[[nodiscard]] Status ReadEndpoints(const std::vector<const Value*>& tables, ServerConfig* config);

}  // namespace sqlicorn
