// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"
#include "loadgen/compare/configuration_run.h"
#include "loadgen/compare/measurement_sum.h"
#include "loadgen/plan/comparison_plan.h"

namespace sqlicorn::loadgen {

// Collects the runs of a comparison as they finish, so that a report can be made at any time.
class ComparisonBuilder {
 public:
  // `plan` outlives the builder.
  ComparisonBuilder(const ComparisonPlan& plan, Provenance provenance);

  // Returns the numbers of the run alone.
  const RoundNumbers& Add(const MeasuredRun& run);

  // One that failed: only its audit counts.
  void AddFailed(const FailedRun& run);

  // Which configurations each round had, where that was not known from the start.
  void SetOrder(const std::vector<PlanStep>& steps);

  // For AgendaState: of ok/s.
  [[nodiscard]] std::vector<double> IntervalWidths() const;

  [[nodiscard]] Comparison Build() const;

 private:
  struct Collected {
    MeasurementSum sum;
    Pragmas pragmas;
    std::vector<RoundNumbers> rounds;
    std::vector<std::string> complaints;
    std::vector<FailedRunNote> failed;
    std::vector<Answer> answers;
    Audit failed_audit;                 // of runs that failed
    std::vector<Audit> without_rows{};  // likewise, that show none of their writes
  };

  // One figure of each configuration against the first, the control's beside them.
  struct Judged {
    Contrasts ok_rate;
    Contrasts cpu;
  };

  [[nodiscard]] ConfigurationNumbers NumbersOf(std::size_t configuration,
                                               const Judged& judged) const;
  // Merges what counts as lost once another run has shown that the query finds what is there.
  void AddTotalLosses(const Collected& collected, Audit* audit) const;

  [[nodiscard]] Ratio RatioOf(std::size_t configuration, const Contrast& rate) const;

  // By round, of one configuration.
  using Log = std::optional<double> (*)(const Measurement& measured);
  [[nodiscard]] LogsByRound LogsOf(std::size_t configuration, Log log) const;
  [[nodiscard]] Contrasts ContrastsOf(Log log) const;
  [[nodiscard]] std::size_t RoundsPlanned(const std::string& name) const;
  void AddUnmeasured(std::size_t configuration, Comparison* comparison) const;
  static void TakeControl(Comparison* comparison);

  const ComparisonPlan& plan_;
  Provenance provenance_;
  std::vector<Collected> collected_;  // by configuration
  std::uint32_t runs_ = 0;
  bool query_proven_ = false;  // by a run that shows its writes
};

}  // namespace sqlicorn::loadgen
