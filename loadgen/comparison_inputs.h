// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "loadgen/command_line.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/scenario/scenario.h"

namespace sqlicorn::loadgen {

// What a comparison is made of, flags and control included.
struct ComparisonInputs {
  ComparisonPlan plan;
  Scenario scenario;
};

// All that is wrong with plan and scenario is told at once, each with its place.
[[nodiscard]] Result<ComparisonInputs> ReadInputs(const CompareFlags& flags);

// That the plan's database can be copied from the file that it names.
void CheckCopy(const ComparisonPlan& plan, Faults* faults);

}  // namespace sqlicorn::loadgen
