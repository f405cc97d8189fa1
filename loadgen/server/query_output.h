// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

// What `sqlicorn --query` and `--print-pragmas` printed, from a file.
namespace sqlicorn::loadgen {

// A JSON array of objects: hands the first value of each to `take`, numbers as text, NULL as "".
// Reads piece by piece, so that millions of rows fit.
[[nodiscard]] Status ReadRows(const std::string& path,
                              const std::function<void(std::string_view value)>& take);

// Pragmas in the order in which they were printed.
using Pragmas = std::vector<std::pair<std::string, std::string>>;

// One JSON object of texts and numbers.
[[nodiscard]] Result<Pragmas> ReadPragmas(const std::string& path);

}  // namespace sqlicorn::loadgen
