// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// Reads [params]: `[params.set]` tables of `field = { type = "real", default = 0.0 }`. A field has
// a default, or `nullable = true` (absent means NULL), or is required. REQUIRES: `table` holds a
// Table.
[[nodiscard]] Result<std::vector<ParamSetSpec>> ReadParamSets(const Value& table);

}  // namespace sqlicorn
