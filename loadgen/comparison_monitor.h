// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/check_progress.h"
#include "loadgen/compare/agenda.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/plan/plan_order.h"
#include "loadgen/report/console.h"
#include "loadgen/results/result_file.h"

namespace sqlicorn::loadgen {

// Shows how a comparison goes, hands its runs on, and stops the loop at the end.
class ComparisonMonitor final : public ComparisonObserver {
 public:
  // Where the runs go.
  struct Sinks {
    ComparisonBuilder& builder;
    ResultWriter& results;
  };

  // All arguments outlive the monitor.
  ComparisonMonitor(Loop& loop, const ComparisonPlan& plan, Agenda& agenda, Sinks sinks,
                    Console& console);

  // `runner` must be there until the loop has stopped.
  void Watch(const ComparisonRunner& runner);

  // How the comparison ended.
  [[nodiscard]] const Status& status() const { return status_; }

  // Whether a run began.
  [[nodiscard]] bool any_run() const { return step_.has_value(); }

  // Whether one of them failed.
  [[nodiscard]] bool any_failed() const { return failed_ > 0; }

 private:
  void OnChecked(std::size_t checked, std::size_t all) override { checks_.Tell(checked, all); }

  void OnRunStarted(PlanStep step) override;
  [[nodiscard]] Files OnRunMeasured(MeasuredRun run) override;
  void OnRunFailed(const FailedRun& run) override;
  void OnRunGivenUp(const FailedRun& run) override;
  [[nodiscard]] std::vector<PlanStep> NextRound(const std::vector<bool>& given_up) override;
  void OnComparisonEnded(const Status& status) override;

  [[nodiscard]] AgendaState StateNow() const;

  void Show();

  Loop& loop_;
  const ComparisonPlan& plan_;
  Agenda& agenda_;
  Sinks sinks_;
  Console& console_;
  CheckProgress checks_;
  Timer tick_;
  const ComparisonRunner* runner_ = nullptr;
  std::size_t done_ = 0;  // runs, failed ones too
  std::size_t failed_ = 0;
  std::size_t expected_ = 0;  // runs
  std::uint32_t rounds_ = 0;  // done
  std::vector<bool> given_up_;
  std::optional<PlanStep> step_;  // of the run under way, or the last one
  TimePoint first_began_;
  TimePoint run_began_;
  Status status_;
};

}  // namespace sqlicorn::loadgen
