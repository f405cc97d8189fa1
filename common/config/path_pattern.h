// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace sqlicorn {

// The path of an endpoint, "/issues/{id}/files/{name...}", taken apart at each '/'. A {variable} is
// one whole segment, a {variable...} all that is left of the path; neither is ever empty.
struct PathSegment {
  enum class Kind { kLiteral, kVariable, kRest };

  Kind kind = Kind::kLiteral;
  std::string text;  // as in the configuration; of a variable its name
};

using PathPattern = std::vector<PathSegment>;

// The error says what is wrong with the path and how it is written, of what other frameworks write
// (":id", "*", "<int:id>", "$id", "[id]") too.
[[nodiscard]] Result<PathPattern> ParsePath(std::string_view path);

// The same for all patterns that match the same paths: without the names of variables.
[[nodiscard]] std::string ShapeOf(const PathPattern& pattern);

// The names, in the order of the path.
[[nodiscard]] std::vector<std::string> VariablesOf(const PathPattern& pattern);

}  // namespace sqlicorn
