// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// All of a comparison as JSON: `provenance`, `configs[]` with their `rounds[]`, `warnings[]`. Times
// are in milliseconds, ratios shares of 1.
[[nodiscard]] std::string ComparisonJson(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
