// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// The numbers as one table in long form: a line for each configuration, for all its rounds (round
// is empty) and for every single one, and for all requests, reads, writes and every endpoint.
[[nodiscard]] std::string ComparisonCsv(const Comparison& comparison);

}  // namespace sqlicorn::loadgen
