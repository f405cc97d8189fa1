// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// What a pragma's value is judged against.
struct PragmaContext {
  bool unsafe = false;
  std::int64_t workers = 1;
};

// One member of [database.pragmas], checked before SQLite sees it: SQLite takes unknown pragmas and
// nonsense values without a word (sqlite.org/pragma.html). Whether the value took is for the worker
// to read back.
[[nodiscard]] Result<PragmaSpec> CheckPragma(const std::string& name, const Value& value,
                                             const PragmaContext& context);

}  // namespace sqlicorn
