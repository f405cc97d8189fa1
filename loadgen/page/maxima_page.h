// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/report/maxima_report.h"

namespace sqlicorn::loadgen {

// The report of `compare --find-max` as one HTML file, as small and as self-contained as
// ComparisonPage. Of very many configurations it shows those of the greatest rates.
[[nodiscard]] std::string MaximaPage(const Maxima& maxima);

}  // namespace sqlicorn::loadgen
