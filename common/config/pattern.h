// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace sqlicorn {

// A regular expression of RE2's syntax, compiled. Whatever the text, to match it takes time in
// proportion to its length, and no stack: a client can hang nobody. So it has neither
// back-references nor looking around. Copies share what is compiled, which does not change.
class Pattern {
 public:
  // The error is RE2's sentence about the expression.
  [[nodiscard]] static Result<Pattern> Compile(const std::string& expression);

  // From its beginning to its end, as in HTML's `pattern`. REQUIRES: `text` is UTF-8.
  [[nodiscard]] bool MatchesAllOf(std::string_view text) const;

  [[nodiscard]] const std::string& expression() const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled);

  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace sqlicorn
