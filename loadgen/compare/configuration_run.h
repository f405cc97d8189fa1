// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/compare/audit.h"
#include "loadgen/compare/comparison_plan.h"
#include "loadgen/compare/plan_order.h"
#include "loadgen/compare/server_command.h"
#include "loadgen/run/runner.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/control_question.h"
#include "loadgen/server/program_run.h"
#include "loadgen/server/query_output.h"
#include "loadgen/server/server_costs.h"
#include "loadgen/server/server_process.h"
#include "loadgen/server/write_turns.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What one run of one configuration gave.
struct MeasuredRun {
  PlanStep step;
  RunResult result;
  Pragmas pragmas;  // of a connection to the running server's database
  Audit audit;
  std::string complaint;               // what was wrong with the end of the server; "" = nothing
  std::optional<WriteTurns> turns{};   // in the counted time; none = the server did not tell
  std::optional<ServerCosts> costs{};  // likewise
  std::uint64_t database_bytes = 0;    // after the load
  std::uint64_t wal_bytes = 0;
};

// One configuration, once: a server with a fresh database, load, audit. Lives on the loop of the
// setup and leaves no process behind, even when it is destroyed half way.
//
//   kStarting -> kAsking -> kLoading -> kLoaded -> kStopping -> kAuditing -> kEnded
//   (a failure leads from any state through kStopping to kEnded, from kLoading by way of kLoaded)
class ConfigurationRun final : private ServerObserver, private RunObserver {
 public:
  enum class State {
    kStarting,  // the server, until it answers
    kAsking,    // for its pragmas, and for the rows that are there before
    kLoading,   // users send requests
    kLoaded,    // no request is open any more, and the server tells of its turns
    kStopping,  // the server
    kAuditing,
    kEnded
  };

  // `directory` is the run's own: it is made, and left as it is. `on_end` is called once, from the
  // loop; it may destroy this object. `setup` and what it refers to outlive the run.
  ConfigurationRun(const RunSetup& setup, PlanStep step, std::string directory,
                   std::function<void(const Status&)> on_end);
  ~ConfigurationRun() override = default;
  ConfigurationRun(const ConfigurationRun&) = delete;
  ConfigurationRun& operator=(const ConfigurationRun&) = delete;

  void Start();

  // Ends the run early, with an error.
  void Interrupt() { Fail(Error{"interrupted"}); }

  [[nodiscard]] State state() const { return state_; }

  // The statistics of the load; nullptr before it.
  [[nodiscard]] const RunStats* stats() const { return runner_ ? &runner_->stats() : nullptr; }

  // REQUIRES: it ended without an error. To be called once.
  [[nodiscard]] MeasuredRun TakeResult();

 private:
  void OnServerReady() override;
  void OnServerEnded(const Status& status) override;
  void OnStatsReset() override;
  void OnStopping(StopReason reason) override;
  void OnFinished() override;

  using Step = void (ConfigurationRun::*)();

  void Later(Step step);
  void Fail(const Error& error);
  void Ask(const std::string& name, const std::vector<std::string>& question, Step then);

  [[nodiscard]] std::string FileOf(const std::string& name) const { return directory_ + name; }

  void StartServer();
  void AskPragmas();
  void TakePragmas();
  void TakeRowsBefore();
  void StartLoad();
  void AskTurns(std::function<void(std::optional<WriteTurns>)> take);
  void AskTurnsAfter();
  void StopServer();
  void AskRows();
  void TakeRows();
  void End();

  [[nodiscard]] const PlanConfiguration& configuration() const {
    return setup_.plan.configurations[step_.configuration];
  }

  [[nodiscard]] bool audits() const {
    return !setup_.plan.audit.empty() && why_not_audited_.empty();
  }

  RunSetup setup_;
  PlanStep step_;
  std::string directory_;  // ends with '/'
  std::function<void(const Status&)> on_end_;
  std::string why_not_audited_;  // "" where there is an audit, or none was asked for
  State state_ = State::kStarting;
  std::optional<Error> failure_;
  Timer turn_;  // the next step is taken outside of the callback that led to it
  std::function<void()> next_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<ProgramRun> question_;
  std::unique_ptr<Runner> runner_;
  std::unique_ptr<ControlQuestion> turns_question_;
  std::optional<WriteTurns> turns_before_;
  std::optional<WriteTurns> turns_;
  std::optional<ServerCosts> costs_;  // since its start; since the counted time began, after it
  std::uint64_t database_bytes_ = 0;
  std::uint64_t wal_bytes_ = 0;
  std::uint64_t rows_before_ = 0;
  std::optional<MeasuredRun> measured_;
  Pragmas pragmas_;
};

}  // namespace sqlicorn::loadgen
