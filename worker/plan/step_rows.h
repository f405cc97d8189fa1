// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "worker/plan/plan_step.h"
#include "worker/plan/sql_plan.h"

namespace sqlicorn {

enum class StepEnd {
  kDone,
  kFailed,
  kTooBig,   // there were too many rows at once
  kTooMuch,  // or in all
  kStopped,  // nobody wants the rows
};

// Steps through the statement of a step, whose parameters are bound, to its end or a failure, and
// does with each row what the step is for. *rows: how many there were. The statement is the
// caller's to reset.
[[nodiscard]] StepEnd StepThrough(const PlanStep& step, const PlanRun& run, std::size_t* rows);

// What a step that does not run leaves in the answer.
void WriteNoRows(const PlanStep& step, const PlanRun& run);

}  // namespace sqlicorn
