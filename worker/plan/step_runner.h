// SPDX-License-Identifier: MIT
#pragma once

#include "worker/plan/outcome.h"
#include "worker/plan/plan_step.h"
#include "worker/plan/sql_plan.h"

namespace sqlicorn {

[[nodiscard]] Outcome ToOutcome(SqlStatus status);

// Runs a step that has a statement, as often as it says: not at all, once, or for each element of
// an array. Committed: the plan goes on; else the outcome is the plan's, whose step it names.
[[nodiscard]] Outcome RunStep(PlanStep& step, const PlanRun& run, Connection& connection);

}  // namespace sqlicorn
