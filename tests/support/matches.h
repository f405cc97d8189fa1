// SPDX-License-Identifier: MIT
#pragma once

#include <regex.h>

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sqlicorn {

// Whether `text` contains a match of an extended POSIX regular expression. Of <regex.h>, because
// gcc 12 warns about its own <regex> in sanitizer builds.
[[nodiscard]] inline bool Matches(const std::string& text, const std::string& pattern) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
    ADD_FAILURE() << "not a regular expression: " << pattern;
    return false;
  }
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

[[nodiscard]] inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

[[nodiscard]] inline std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace sqlicorn
