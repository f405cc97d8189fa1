// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

struct DatabaseContext {
  std::string directory;  // absolute, where relative paths start
  std::int64_t workers = 1;
};

// Reads [database] and [database.pragmas]. What is wrong is added to `faults`. REQUIRES: `table`
// holds a Table.
[[nodiscard]] DatabaseSettings ReadDatabaseSettings(const Value& table,
                                                    const DatabaseContext& context, Faults* faults);

}  // namespace sqlicorn
