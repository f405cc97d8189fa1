// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// Reads [params]: `[params.set]` tables of `field = { type = "real", default = 0.0 }`. A field has
// a default, or `nullable = true` (absent means NULL), or is required. What is wrong is added to
// `faults`; a set with a wrong field is there all the same, for the endpoints that name it.
// REQUIRES: `table` holds a Table.
[[nodiscard]] std::vector<ParamSetSpec> ReadParamSets(const Value& table, Faults* faults);

}  // namespace sqlicorn
