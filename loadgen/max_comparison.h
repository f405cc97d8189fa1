// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "loadgen/compare/comparison_builder.h"
#include "loadgen/compare/comparison_runner.h"
#include "loadgen/ending.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/report/console.h"
#include "loadgen/report/maxima_table.h"
#include "loadgen/run/max_search.h"
#include "loadgen/server/scratch_directory.h"
#include "loadgen/stats/found_max.h"
#include "loadgen/stats/objective.h"

// `compare --find-max`: what every configuration can serve while an objective is met.
namespace sqlicorn::loadgen {

struct MaxWish {
  Objective objective;
  double first_rate = 100;  // per second
  std::string json_file;    // "" = none
};

// The whole command, once the plan is read. Tells each rate that was tried, and the greatest ones.
[[nodiscard]] Ending FindMaxOfEach(const RunSetup& setup, const MaxWish& wish,
                                   ScratchDirectory* directory, Console* console);

// One search for each configuration, side by side: a round has a run at the next rate of every one
// whose search goes on, each with a server and a database of its own. Stops the loop at the end.
class MaxComparison final : public ComparisonObserver {
 public:
  // `first_rate` is the first that is tried, per second. All arguments outlive this.
  MaxComparison(const RunSetup& setup, Objective objective, double first_rate, Console& console);

  // How it ended.
  [[nodiscard]] const Status& status() const { return status_; }

  [[nodiscard]] bool any_run() const { return runs_ > 0; }

  // The greatest rates, a line for each configuration.
  [[nodiscard]] std::string Text() const;
  [[nodiscard]] std::string Json() const;

  // One line for each configuration whose audit failed.
  [[nodiscard]] std::vector<std::string> audit_failures() const {
    return builder_.Build().audit_failures;
  }

  // What the searches say: the gravest.
  [[nodiscard]] Ending ending() const;

 private:
  struct Search {
    MaxSearch search;
    FoundMax found;
    bool failed = false;  // a run of it
  };

  void OnRunStarted(PlanStep) override {}

  [[nodiscard]] Files OnRunMeasured(MeasuredRun run) override;
  void OnRunFailed(const FailedRun& run) override;
  [[nodiscard]] std::vector<PlanStep> NextRound(const std::vector<bool>& given_up) override;
  void OnComparisonEnded(const Status& status) override;

  // What was found until now.
  [[nodiscard]] FoundMax FoundOf(const Search& search) const;
  [[nodiscard]] std::vector<FoundOfOne> FoundOfAll() const;

  Loop& loop_;
  const ComparisonPlan& plan_;
  Objective objective_;
  Console& console_;
  ComparisonBuilder builder_;
  std::vector<Search> searches_;  // by configuration
  std::vector<PlanStep> order_;   // of all rounds that there may be
  std::uint32_t round_ = 0;
  std::size_t runs_ = 0;
  Status status_;
};

}  // namespace sqlicorn::loadgen
