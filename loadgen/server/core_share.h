// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// Whether the generator keeps a core for itself. Where it has none it waits for one when the
// servers are busy, and what it measures then is its own waiting.
enum class Pinning {
  kOwnCore,  // and servers have the others
  kNone      // all run on all
};

// Numbers of cores, rising.
using Cores = std::vector<int>;

// Which cores the generator has, and which the servers that it starts. None of either: all run on
// all.
struct CoreShare {
  Cores generator;
  Cores servers;

  [[nodiscard]] bool pinned() const { return !generator.empty(); }
};

// The last of the cores for the generator, because the first has most of the interrupts; nobody is
// pinned where there is only one, or where the plan's servers all run already.
[[nodiscard]] CoreShare ShareCores(const Cores& allowed, const ComparisonPlan& plan,
                                   Pinning pinning);

// Those that this process may run on; none where the kernel does not tell.
[[nodiscard]] Cores AllowedCores();

// This process, and what it starts from now on, runs on these alone.
[[nodiscard]] Status RunOn(const Cores& cores);

// As the kernel writes them: "0-2,5"; "" is none.
[[nodiscard]] std::string CoresText(const Cores& cores);

// The reverse. None where the text is no such list.
[[nodiscard]] std::optional<Cores> ParseCores(std::string_view text);

}  // namespace sqlicorn::loadgen
