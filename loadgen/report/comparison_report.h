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

// The report as Markdown with pipe tables.
[[nodiscard]] std::string ComparisonMarkdown(const Comparison& comparison);

// The numbers as one table in long form: a line for each configuration, for all its rounds (round
// is empty) and for every single one, and for all requests, reads, writes and every endpoint.
[[nodiscard]] std::string ComparisonCsv(const Comparison& comparison);

// All of a comparison as JSON: `provenance`, `configs[]` with their `rounds[]`, `warnings[]`. Times
// are in milliseconds, ratios shares of 1.
enum class JsonForm { kIndented, kCompact };
[[nodiscard]] std::string ComparisonJson(const Comparison& comparison,
                                         JsonForm form = JsonForm::kIndented);

}  // namespace sqlicorn::loadgen
