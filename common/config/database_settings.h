// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

struct DatabaseContext {
  std::string directory;  // absolute, where relative paths start
  std::int64_t workers = 1;
};

// Reads [database] and [database.pragmas]. REQUIRES: `table` holds a Table.
[[nodiscard]] Result<DatabaseSettings> ReadDatabaseSettings(const Value& table,
                                                            const DatabaseContext& context);

}  // namespace sqlicorn
