// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace sqlicorn::loadgen {

// A number as Python keeps it: locust's files tell 44 from 44.0.
using PythonNumber = std::variant<std::int64_t, double>;

[[nodiscard]] double AsDouble(const PythonNumber& number);

// repr() of a float: the shortest text that reads back to it, with ".0" where it is whole.
[[nodiscard]] std::string PythonRepr(double number);
[[nodiscard]] std::string PythonRepr(const PythonNumber& number);

// repr() of a str; `text` is UTF-8.
[[nodiscard]] std::string PythonRepr(std::string_view text);

// Octets of the wire, read as ISO-8859-1, in UTF-8.
[[nodiscard]] std::string Latin1ToUtf8(std::string_view octets);

}  // namespace sqlicorn::loadgen
