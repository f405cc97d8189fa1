// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"
#include "loadgen/tune/requirement.h"

namespace sqlicorn::loadgen {

// How a search ended.
struct TuneOutcome {
  // The first is the recommended one; the others follow, the better first. Contrasts are to the
  // recommended one.
  std::vector<ConfigurationNumbers> finalists;
  std::vector<std::string> unmet;  // what each of them does not meet; "" = nothing
  std::string before;              // the name of what there was
};

// Whether half of the runs of a finalist, or more, cannot be believed: what it is compared with may
// then be the machine.
[[nodiscard]] bool AnyInvalid(const TuneOutcome& outcome);

// The mean of the logarithms of ok/s over the rounds: what a search goes by.
[[nodiscard]] double ScoreOf(const ConfigurationNumbers& configuration);

// Recommends one of the finalists, of which the first is what there was before: the fastest that
// meets all that is required, or, of those that cannot be told from it, the durable one with the
// fewest workers. Where nothing meets it, the fastest.
[[nodiscard]] TuneOutcome Recommend(std::vector<ConfigurationNumbers> finalists,
                                    const std::vector<Requirement>& requirements);

}  // namespace sqlicorn::loadgen
