// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/stats/locust_numbers.h"

namespace sqlicorn::loadgen {

// The tables of locust's console, byte for byte. `name_width` is locust's width of the name column:
// 80, on a terminal NameWidthFor its columns. Each ends with an empty line.

[[nodiscard]] int NameWidthFor(int columns);

[[nodiscard]] std::string StatsTable(const LocustTable& table, int name_width);
[[nodiscard]] std::string PercentilesTable(const LocustTable& table, int name_width);

// "" when there are no errors.
[[nodiscard]] std::string ErrorReport(const LocustTable& table, int name_width);

}  // namespace sqlicorn::loadgen
