// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loadgen/stats/locust_numbers.h"

// Output of locust 2.46 (tests/loadgen/golden) and its numbers, read back into our rows.
namespace sqlicorn::loadgen::golden {

[[nodiscard]] std::string Text(const std::string& file);
[[nodiscard]] std::vector<std::string> Split(std::string_view text, std::string_view separator);

// The table of stats.csv with the errors of failures.csv.
[[nodiscard]] LocustTable FromCsv();

// The three tables of console.txt.
[[nodiscard]] LocustTable FromConsole();

// A float where the text has a point, else an integer, as Python wrote them.
[[nodiscard]] PythonNumber Number(const std::string& text);

}  // namespace sqlicorn::loadgen::golden
