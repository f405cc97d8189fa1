// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/compare/audit_rehearsal.h"
#include "loadgen/compare/configuration_run.h"
#include "loadgen/plan/plan_order.h"
#include "loadgen/server/database_preparation.h"
#include "loadgen/server/program_run.h"

namespace sqlicorn::loadgen {

// Hears how a comparison goes. All calls come from the loop; none may destroy the runner.
class ComparisonObserver {
 public:
  virtual ~ComparisonObserver() = default;

  // Before the first run: so many of all configurations are checked.
  virtual void OnChecked(std::size_t /*checked*/, std::size_t /*all*/) {}

  virtual void OnRunStarted(PlanStep step) = 0;

  // Says whether the files of the run may be removed.
  enum class Files { kRemove, kKeep };
  [[nodiscard]] virtual Files OnRunMeasured(MeasuredRun run) = 0;

  // One that did not come to its end; the others go on. Its files are kept.
  virtual void OnRunFailed(const FailedRun& run) = 0;

  // The one under way when the comparison was ended early: what it had until then. Its files go.
  virtual void OnRunGivenUp(const FailedRun& /*run*/) {}

  // What the next round has; none ends the comparison. `given_up`: by configuration, those that
  // cannot be run.
  [[nodiscard]] virtual std::vector<PlanStep> NextRound(const std::vector<bool>& given_up) = 0;

  // The last call. An error when the plan is wrong, or on Interrupt.
  virtual void OnComparisonEnded(const Status& status) = 0;
};

// Works through a plan, one run after the other. First it lets the server's program check every
// configuration, so that a mistake in the last one does not cost the time of the others, makes the
// database that all begin with, and tries the audit's query on it.
class ComparisonRunner {
 public:
  // The directories of the runs are made in `directory`. All arguments outlive the runner.
  ComparisonRunner(const RunSetup& setup, std::string directory, ComparisonObserver* observer);
  ~ComparisonRunner() = default;
  ComparisonRunner(const ComparisonRunner&) = delete;
  ComparisonRunner& operator=(const ComparisonRunner&) = delete;

  void Start();

  // Ends the comparison: the run under way is given up, its server stopped. A second call does not
  // wait for the server but kills it.
  void Interrupt();

  // The run under way; nullptr between runs.
  [[nodiscard]] const ConfigurationRun* run() const { return run_.get(); }

 private:
  void Later(std::function<void()> next);
  void Check();
  void OnChecked(const Status& status);
  void Prepare();
  void Rehearse();
  void Next();
  void OnRunEnded(const Status& status);
  void TellGivenUp(const ConfigurationRun& run);
  void End(const Status& status);

  RunSetup setup_;
  std::vector<PlanStep> round_;  // under way
  std::string directory_;
  ComparisonObserver* observer_;
  Timer turn_;  // the next step is taken outside of the callback that led to it
  std::function<void()> next_;
  std::size_t checked_ = 0;     // configurations
  std::size_t done_ = 0;        // runs of the round
  std::vector<bool> given_up_;  // by configuration
  bool interrupted_ = false;
  bool ended_ = false;
  std::string mistakes_;  // of the configurations, a line each
  std::unique_ptr<ProgramRun> check_;
  std::unique_ptr<DatabasePreparation> preparation_;
  std::unique_ptr<AuditRehearsal> rehearsal_;
  std::unique_ptr<ConfigurationRun> run_;
  std::string run_directory_;
};

}  // namespace sqlicorn::loadgen
