// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// Whether WriteFile could write `path`, tried without leaving anything behind or touching the file:
// a report that cannot be written should not be found out after the measurement. "" is fine.
[[nodiscard]] Status CheckWritable(const std::string& path);

}  // namespace sqlicorn::loadgen
