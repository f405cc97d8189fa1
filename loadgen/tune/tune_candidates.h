// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// Whether only configurations that keep acknowledged writes through a power cut are of interest:
// the others then need not be tried.
enum class WantedDurability { kAny, kDurable };

// All configurations that a search tries: schedulers, journal and synchronous modes, workers, cache
// and mapped memory, each on top of `base`. `cores` bounds the workers. At most `most`, drawn by
// `seed` where there are more.
[[nodiscard]] std::vector<PlanConfiguration> TuneCandidates(const std::vector<PlanSetting>& base,
                                                            WantedDurability wanted,
                                                            std::uint32_t cores, std::size_t most,
                                                            std::uint64_t seed);

// How many there are without that bound.
[[nodiscard]] std::size_t CountTuneCandidates(WantedDurability wanted, std::uint32_t cores);

}  // namespace sqlicorn::loadgen
