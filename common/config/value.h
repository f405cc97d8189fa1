// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sqlicorn {

// Where a value came from: "etc/sqlicorn.toml:12:5", or a flag such as "--set database.timeout".
struct Place {
  std::string source;
  std::uint32_t line = 0;  // 1-based; 0 = the source has no lines
  std::uint32_t column = 0;

  [[nodiscard]] std::string ToString() const;
};

struct Value;
using Array = std::vector<Value>;
using Table = std::vector<std::pair<std::string, Value>>;  // in the order of the file, keys unique

// One TOML value with its place. Dates and times have no use in our files and are refused on
// reading.
struct Value {
  Place place;
  std::variant<bool, std::int64_t, double, std::string, Array, Table> data;
};

}  // namespace sqlicorn
