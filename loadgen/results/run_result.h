// SPDX-License-Identifier: MIT
#pragma once

#include "loadgen/results/result_file.h"

namespace sqlicorn::loadgen {

// A `run` as a comparison of one configuration in one round, for the reports that both have.
[[nodiscard]] MeasuredRun AsMeasured(const RunResult& result);
[[nodiscard]] ResultHead HeadOf(const RunResult& result);

}  // namespace sqlicorn::loadgen
