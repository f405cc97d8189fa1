// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

struct CsvTable {
  std::vector<std::string> columns;            // the names of the first line
  std::vector<std::vector<std::string>> rows;  // as many fields each; at least one row
};

// RFC 4180, with LF for CRLF too: fields that hold commas, quotes or lines stand in double quotes.
// A byte order mark and empty lines are skipped. The error is "line N: what".
[[nodiscard]] Result<CsvTable> ParseCsv(std::string_view text);

}  // namespace sqlicorn::loadgen
