// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn {

// Splits SQLICORN_CMD_ARGS as a shell would: blanks separate; '…' keeps everything, "…" everything
// but \" and \\, and a backslash elsewhere the character behind it. An error when a quote or a
// backslash at the end leaves the text open.
[[nodiscard]] Result<std::vector<std::string>> SplitArguments(std::string_view text);

}  // namespace sqlicorn
