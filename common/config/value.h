// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/base/result.h"

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

// All that is wrong with a file, to be told at once: whoever mends it needs one try, not one for
// each mistake.
class Faults {
 public:
  void Add(const Place& place, std::string_view what);
  // Of a message that names its place itself.
  void Add(const Place& place, const Error& error);
  void Add(const Faults& others);

  [[nodiscard]] bool empty() const { return faults_.empty(); }

  // Nothing, or one Error with a line for each, in the order of the file. After twenty the last
  // line says how many more there are.
  [[nodiscard]] Status ToStatus() const;

 private:
  struct Fault {
    Place place;
    std::string text;
  };

  std::vector<Fault> faults_;
};

// Sets one value of the tree, as TOML's `dotted.key = value` would: "database.pragmas.synchronous",
// or `params."a.b"` where a name holds a dot. Makes the tables on the way and replaces what stood
// there. Errors name value.place: a malformed key, a way that leads through something else than a
// table. REQUIRES: `root` holds a Table.
[[nodiscard]] Status ApplyOverride(Value& root, std::string_view dotted_key, Value value);

}  // namespace sqlicorn
