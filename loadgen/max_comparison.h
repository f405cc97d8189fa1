// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "loadgen/check_progress.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/ending.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/report/maxima_report.h"
#include "loadgen/report_flags.h"
#include "loadgen/run/max_search.h"
#include "loadgen/server/scratch_directory.h"
#include "loadgen/stats/found_max.h"
#include "loadgen/stats/objective.h"

// `compare --find-max`: what every configuration can serve while an objective is met.
namespace sqlicorn::loadgen {

struct MaxWish {
  Objective objective;
  double first_rate = 100;  // per second
  Provenance from;          // of the runs
  const ReportFlags& files;
};

// The whole command, once the plan is read. Tells each rate that was tried, and the greatest ones.
[[nodiscard]] Ending FindMaxOfEach(const RunSetup& setup, const MaxWish& wish,
                                   ScratchDirectory* directory, Console* console);

// One search for each configuration, side by side: a round has a run at the next rate of every one
// whose search goes on, each with a server and a database of its own. Stops the loop at the end.
class MaxComparison final : public ComparisonObserver {
 public:
  // All arguments outlive this.
  MaxComparison(const RunSetup& setup, const MaxWish& wish, Console& console);

  // How it ended.
  [[nodiscard]] const Status& status() const { return status_; }

  [[nodiscard]] bool any_run() const { return runs_ > 0; }

  // What was found until now.
  [[nodiscard]] Maxima Build() const;

 private:
  struct Search {
    MaxSearch search;
    FoundMax found;
    bool failed = false;  // a run of it
  };

  void OnChecked(std::size_t checked, std::size_t all) override { checks_.Tell(checked, all); }

  void OnRunStarted(PlanStep) override {}

  [[nodiscard]] Files OnRunMeasured(MeasuredRun run) override;
  void OnRunFailed(const FailedRun& run) override;
  void OnRunGivenUp(const FailedRun& run) override;
  [[nodiscard]] std::vector<PlanStep> NextRound(const std::vector<bool>& given_up) override;
  void OnComparisonEnded(const Status& status) override;

  [[nodiscard]] FoundMax FoundOf(const Search& search) const;
  [[nodiscard]] std::vector<FoundOfOne> FoundOfAll() const;

  Loop& loop_;
  const ComparisonPlan& plan_;
  const MaxWish& wish_;
  Console& console_;
  CheckProgress checks_;
  ComparisonBuilder builder_;
  std::vector<Search> searches_;  // by configuration
  std::vector<PlanStep> order_;   // of all rounds that there may be
  std::vector<PlanStep> steps_;   // of those that there were
  std::uint32_t round_ = 0;
  std::size_t runs_ = 0;
  Status status_;
};

}  // namespace sqlicorn::loadgen
