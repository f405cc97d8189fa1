// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
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

// "told", "not told", "a run failed", "ended early".
[[nodiscard]] std::string EndText(SearchEnd end);

// Of the greatest rates; nothing where one of the two is not told, or was met at no rate.
[[nodiscard]] std::optional<double> RatioOf(const FoundOfOne& one, const FoundOfOne& first);

// Why a rate could not be told, a sentence for each configuration whose search that ended.
[[nodiscard]] std::vector<std::string> UntoldTexts(const std::vector<FoundOfOne>& all);

// The greatest rates of `compare --find-max`, a line for each configuration. A ratio stands between
// two that are told alone.
[[nodiscard]] ReportTable MaximaTable(const Objective& objective,
                                      const std::vector<FoundOfOne>& all);

}  // namespace sqlicorn::loadgen
