// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// Whether RLIMIT_NOFILE leaves this process and its children the descriptors they need. What is
// open already is counted, so that a larger limit never does worse than a smaller one.

// Before anything is bound: that workers of these settings could serve, without a write queue. The
// error names the limit that would do.
[[nodiscard]] Status CheckDescriptorLimit(const ServerSettings& settings);

// After everything is bound: that workers of these settings can serve when the master opens `more`.
[[nodiscard]] Status CheckDescriptorsBeside(const ServerSettings& settings, std::size_t more);

}  // namespace sqlicorn
