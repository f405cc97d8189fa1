// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// Sees to it that this process may have so many open descriptors: raises the soft limit as far as
// the hard one allows, and that one too where we may. An error names both numbers.
[[nodiscard]] Status AllowDescriptors(std::uint64_t needed);

// Likewise for the connections of so many users and what a run needs beside them.
[[nodiscard]] Status AllowUsers(std::uint64_t users);

}  // namespace sqlicorn::loadgen
