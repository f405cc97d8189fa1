// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn::architecture {

struct Include {
  enum class Form { kQuoted, kAngle };

  Form form;
  std::string path;
  std::size_t line;
};

struct Call {
  std::string name;
  std::size_t line;
};

// `source` with comments and the content of literals blanked out: same length, same lines.
[[nodiscard]] std::string BlankOutProse(std::string_view source);

[[nodiscard]] std::vector<Include> FindIncludes(std::string_view source);

// Every `name(` in the code, qualified or not.
[[nodiscard]] std::vector<Call> FindCalls(std::string_view source,
                                          const std::vector<std::string>& names);

[[nodiscard]] std::size_t CountLines(std::string_view source);

}  // namespace sqlicorn::architecture
