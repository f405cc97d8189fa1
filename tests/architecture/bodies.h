// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/house_rules.h"

namespace sqlicorn::architecture {

// A function that a source defines for other sources.
struct Definition {
  std::string name;  // "Name", or "Class::Name" of a member
  std::size_t line;
};

// Those of a source as clang-format writes it: what begins in the first column, outside of the
// anonymous namespace, and has a body. Not main.
[[nodiscard]] std::vector<Definition> FindDefinitions(std::string_view source);

// Whether `header` declares the function, or of a member its class.
[[nodiscard]] bool Declares(std::string_view header, std::string_view name);

// The text of a file by its path; "" when there is none.
using ReadSource = std::function<std::string(const std::string& path)>;

// Bodies live in the source of their header: a.cc has those of a.h, and so has a_part.cc where
// there is no a_part.h. "path:line: name is not declared in header" for each that does not.
[[nodiscard]] std::vector<std::string> FindStrayBodies(const SourceFile& source,
                                                       const ReadSource& read);

}  // namespace sqlicorn::architecture
