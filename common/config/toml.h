// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn {

// TOML text as a tree of Values whose root is a Table. Members keep the order of the file. The only
// room and file that knows the TOML library. Errors: "source:line:column: what".
[[nodiscard]] Result<Value> ParseToml(std::string_view text, const std::string& source_name);

// The file at `path`; an empty one is an empty table. Errors of the file system name the path.
[[nodiscard]] Result<Value> ReadTomlFile(const std::string& path);

// The right side of `--set key=value`: a TOML value where it is one, else the text as a string, so
// that `full` needs no quotes. Every part of it gets `place`.
[[nodiscard]] Value ParseTomlValue(std::string_view text, const Place& place);

// Values as TOML source text that reads back to the same value.

// A key, bare where that is possible, else quoted.
[[nodiscard]] std::string TomlKey(std::string_view key);

// A basic string, quoted and escaped, on one line. REQUIRES: valid UTF-8.
[[nodiscard]] std::string TomlString(std::string_view text);

[[nodiscard]] std::string TomlNumber(double number);

[[nodiscard]] std::string TomlList(const std::vector<std::string>& texts);

}  // namespace sqlicorn
