// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/uv/loop.h"
#include "loadgen/check_progress.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/tune/halving.h"
#include "loadgen/tune/requirement.h"

namespace sqlicorn::loadgen {

// Leads a search: decides after each round which candidates go on, tells what becomes of them, and
// stops the loop at the end. The first configuration of the plan is what there was before.
class TuneMonitor final : public ComparisonObserver {
 public:
  // All arguments outlive the monitor. REQUIRES: the plan has a budget.
  TuneMonitor(Loop& loop, const ComparisonPlan& plan, const std::vector<Requirement>& requirements,
              std::uint64_t seed, Console& console);

  // How it ended.
  [[nodiscard]] const Status& status() const { return status_; }

  // The configurations that are left, what there was before first; those never measured are not
  // among them.
  [[nodiscard]] std::vector<ConfigurationNumbers> Finalists() const;

  // One line for each configuration whose audit failed.
  [[nodiscard]] std::vector<std::string> audit_failures() const {
    return builder_.Build().audit_failures;
  }

 private:
  void OnChecked(std::size_t checked, std::size_t all) override { checks_.Tell(checked, all); }

  void OnRunStarted(PlanStep step) override;
  [[nodiscard]] Files OnRunMeasured(MeasuredRun run) override;
  void OnRunFailed(const FailedRun& run) override;
  [[nodiscard]] std::vector<PlanStep> NextRound(const std::vector<bool>& given_up) override;
  void OnComparisonEnded(const Status& status) override;

  void Judge(const std::vector<bool>& given_up);

  Loop& loop_;
  const ComparisonPlan& plan_;
  const std::vector<Requirement>& requirements_;
  Console& console_;
  CheckProgress checks_;
  ComparisonBuilder builder_;
  HalvingState state_;
  std::vector<PlanStep> order_;  // of all rounds that there may be
  std::uint32_t round_ = 0;
  std::size_t runs_ = 0;
  TimePoint began_;
  Status status_;
};

}  // namespace sqlicorn::loadgen
