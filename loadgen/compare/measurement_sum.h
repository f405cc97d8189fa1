// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "loadgen/compare/comparison.h"
#include "loadgen/compare/configuration_run.h"
#include "loadgen/server/write_turns.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// Adds up the runs of one configuration.
class MeasurementSum {
 public:
  void Add(const MeasuredRun& run);

  // Of a run that has no numbers.
  void AddAudit(const Audit& audit) { audit_.Merge(audit); }

  // REQUIRES: a run was added.
  [[nodiscard]] Measurement Take() const;

  [[nodiscard]] Distribution TakeDistribution() const;

  [[nodiscard]] const std::vector<ErrorCount>& errors() const { return errors_; }

 private:
  // What is known of one endpoint, or of several.
  struct Part {
    EndpointStats stats;
    std::uint64_t locked = 0;

    void Merge(const Part& other);
  };

  [[nodiscard]] Numbers NumbersOf(const Part& part) const;
  void AddErrors(const RunStats& stats);

  std::vector<Part> endpoints_;
  std::vector<ErrorCount> errors_;
  TimeSeries time_series_;
  double seconds_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t longest_late_us_ = 0;
  std::uint64_t unanswered_ = 0;
  double generator_cpu_ = 0;
  Histogram lag_;
  double longest_gap_s_ = 0;
  std::uint64_t runs_ = 0;
  std::uint64_t invalid_runs_ = 0;
  std::string invalid_;  // why, of the first of them
  Audit audit_;
  WriteTurns turns_;

  // Of the runs whose server told.
  struct Costs {
    ServerCosts used;
    std::uint64_t runs = 0;
    std::uint64_t requests = 0;  // successful ones, in their counted time
    std::uint64_t database_bytes = 0;
    std::uint64_t wal_bytes = 0;
  };

  void AddVerdict(const MeasuredRun& run);
  void AddOpenLoop(const OpenLoop& open_loop);
  void AddCosts(const MeasuredRun& run);
  [[nodiscard]] CostNumbers CostsPerRequest() const;

  Costs costs_;
  std::optional<OpenLoop> open_loop_;
  std::uint64_t killed_ = 0;
};

// Whether the cause of a failure (see SqliteCause) is SQLITE_BUSY or one of its extended codes.
[[nodiscard]] bool IsLocked(std::string_view cause);

}  // namespace sqlicorn::loadgen
