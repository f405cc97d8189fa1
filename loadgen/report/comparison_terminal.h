// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// The report for a terminal of 120 columns; lines of free text are wrapped there.
[[nodiscard]] std::string ComparisonTerminal(const Comparison& comparison);

// `text` in lines of at most `width` characters, broken at blanks where there are some; each line
// begins with `indent` blanks but the first.
[[nodiscard]] std::string Wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace sqlicorn::loadgen
