// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// The report as Markdown with pipe tables.
[[nodiscard]] std::string ComparisonMarkdown(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
