// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// Values as TOML source text that reads back to the same value.

// A key, bare where that is possible, else quoted.
[[nodiscard]] std::string TomlKey(std::string_view key);

// A basic string, quoted and escaped, on one line. REQUIRES: valid UTF-8.
[[nodiscard]] std::string TomlString(std::string_view text);

[[nodiscard]] std::string TomlNumber(double number);

[[nodiscard]] std::string TomlList(const std::vector<std::string>& texts);

}  // namespace sqlicorn
