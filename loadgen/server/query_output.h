// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"

// What `sqlicorn --query` and `--print-pragmas` printed, from a file.
namespace sqlicorn::loadgen {

// The columns of a row in the order of the query: names and values, numbers as text, NULL as "".
using Row = std::vector<std::pair<std::string, std::string>>;

// A JSON array of objects, each of which is handed to `take`. Reads piece by piece, so that
// millions of rows fit.
[[nodiscard]] Status ReadRows(const std::string& path, const std::function<void(const Row&)>& take);

// Pragmas in the order in which they were printed.
using Pragmas = std::vector<std::pair<std::string, std::string>>;

// One JSON object of texts and numbers.
[[nodiscard]] Result<Pragmas> ReadPragmas(const std::string& path);

}  // namespace sqlicorn::loadgen
