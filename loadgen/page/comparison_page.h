// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// The report as one HTML file: charts, tables, notes and all numbers as JSON (in
// <script id="data">). It needs no network and no script, and follows the reader's light or dark.
// Of very much it shows what is most important, and says what it leaves out; where all numbers are
// too many, the JSON in it is of what it shows, without the endpoints of single rounds, then
// without the rounds.
[[nodiscard]] std::string ComparisonPage(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
