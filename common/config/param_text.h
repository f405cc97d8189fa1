// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/config/param_spec.h"

namespace sqlicorn {

// A [params.SET] table as TOML that reads back to the same.
[[nodiscard]] std::string PrintParamSet(const ParamSetSpec& set);

}  // namespace sqlicorn
