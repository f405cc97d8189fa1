// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn::architecture {

struct SourceFile {
  std::string path;  // from the top of the repository
  std::string text;
};

// The room of a path: the folder of the table that holds it most closely. Empty when there is none.
[[nodiscard]] std::string_view RoomOf(std::string_view path);

// What `file` does against the rules of DESIGN.md, as "path:line: what is wrong", in this order:
// its header line, its length, its includes, its calls. Files of tests/ may include and call all.
[[nodiscard]] std::vector<std::string> FindViolations(const SourceFile& file);

}  // namespace sqlicorn::architecture
