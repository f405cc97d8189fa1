// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sqlicorn {

// Where a value came from: "etc/sqlicorn.toml:12:5", or a flag such as "--set database.timeout".
struct Place {
  std::string source;
  std::uint32_t line = 0;  // 1-based; 0 = the source has no lines
  std::uint32_t column = 0;

  // "source:line:column", or "source" alone where there are no lines.
  [[nodiscard]] std::string ToString() const;
};

struct Value;
struct TableMember;
using Array = std::vector<Value>;
using Table = std::vector<TableMember>;  // in the order of the file, keys unique

// One TOML value. Its place is that of its key where it is a member of a table, else its own. Dates
// and times have no use in our files and are refused on reading.
struct Value {
  Place place;
  std::variant<bool, std::int64_t, double, std::string, Array, Table> data;
};

struct TableMember {
  std::string key;
  Value value;
};

// The member of that name, or nullptr.
[[nodiscard]] const Value* FindMember(const Table& table, std::string_view key);

// How a message names the value, on one line: `the string "abc"`, `the integer 5`, `a list`.
[[nodiscard]] std::string Describe(const Value& value);

}  // namespace sqlicorn
