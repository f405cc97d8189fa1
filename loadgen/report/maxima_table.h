// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "loadgen/report/report_table.h"
#include "loadgen/stats/found_max.h"

namespace sqlicorn::loadgen {

// How the search for one configuration's greatest rate ended.
enum class SearchEnd {
  kTold,    // the greatest rate is known, or that there is none
  kUntold,  // at a rate that could not be told
  kFailed,  // a run failed
  kEarly    // interrupted, or out of rounds
};

struct FoundOfOne {
  FoundMax found;  // of the configuration that `host` names
  SearchEnd end = SearchEnd::kTold;
};

// The greatest rates of `compare --find-max`, a line for each configuration. A ratio stands between
// two that are told alone.
[[nodiscard]] ReportTable MaximaTable(const Objective& objective,
                                      const std::vector<FoundOfOne>& all);

}  // namespace sqlicorn::loadgen
