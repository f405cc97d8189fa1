// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/config/param_spec.h"
#include "common/config/value.h"

namespace sqlicorn {

// Reads one field of a param set, `name = { type = "real", default = 0.0 }`. What is wrong is added
// to `faults`: a key that the type has no use for, a limit that nothing keeps to, a default that
// does not keep to the limits. `label` is the name of its table.
// REQUIRES: `table` holds a Table.
[[nodiscard]] ParamSpec ReadParam(const std::string& name, const Value& table,
                                  const std::string& label, Faults* faults);

}  // namespace sqlicorn
