// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/compare/answer_check.h"
#include "loadgen/compare/audit.h"
#include "loadgen/compare/run_state.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/plan/plan_order.h"
#include "loadgen/run/runner.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/server/control_question.h"
#include "loadgen/server/program_run.h"
#include "loadgen/server/query_output.h"
#include "loadgen/server/server_command.h"
#include "loadgen/server/server_costs.h"
#include "loadgen/server/server_process.h"
#include "loadgen/server/worker_killer.h"
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
  std::vector<Answer> answers{};  // of the fresh server, before the load
  std::uint64_t killed = 0;       // workers, by --chaos
};

// A run that did not come to its end, or whose writes cannot be found: its numbers are none, its
// acknowledged writes were audited.
struct FailedRun {
  PlanStep step;
  std::string why;
  Audit audit;             // of what was acknowledged before the failure
  bool began = false;      // the load; without it the configuration is not tried again
  std::string answered{};  // how the server answered until then, in words; "" = nothing was asked
};

// One configuration, once: a server with a fresh database, load, audit. Lives on the loop of the
// setup and leaves no process behind, even when it is destroyed half way.
class ConfigurationRun final : private ServerObserver, private RunObserver {
 public:
  // `directory` is the run's own: it is made, and left as it is. `on_end` is called once, from the
  // loop; it may destroy this object. An error there is an interrupt, and no
  // configuration can be measured. `setup` and what it refers to outlive the run.
  ConfigurationRun(const RunSetup& setup, PlanStep step, std::string directory,
                   std::function<void(const Status&)> on_end);
  ~ConfigurationRun() override = default;
  ConfigurationRun(const ConfigurationRun&) = delete;
  ConfigurationRun& operator=(const ConfigurationRun&) = delete;

  void Start();

  // Ends the run early, with an error.
  void Interrupt();

  [[nodiscard]] RunState state() const { return state_; }

  // The statistics of the load; nullptr before it.
  [[nodiscard]] const RunStats* stats() const { return runner_ ? &runner_->stats() : nullptr; }

  // REQUIRES: it ended without an error. To be called once.
  [[nodiscard]] std::variant<MeasuredRun, FailedRun> TakeResult();

  // REQUIRES: it ended with an error, or Interrupt was called. What there is of its load; nothing
  // before it.
  [[nodiscard]] std::optional<FailedRun> Unfinished() const;

 private:
  void OnServerReady() override;
  void OnServerEnded(const Status& status) override;
  void OnStatsReset() override;
  void OnStopping(StopReason reason) override;
  void OnFinished() override;

  using Step = void (ConfigurationRun::*)();

  void Later(Step step);
  void Go(RunEvent event);
  void Enter();
  void Fail(const Error& error);
  void AddFailure(const Error& error);

  // Puts one question to the server's program. `then` follows a good answer, in <name>.json.
  void Ask(const std::string& name, const std::vector<std::string>& question, Step then);

  [[nodiscard]] std::string FileOf(const std::string& name) const { return directory_ + name; }

  void StartServer();
  [[nodiscard]] Status MakeFiles() const;
  void AskPragmas();
  void TakePragmas();
  void AskRowsBefore();
  void TakeRowsBefore();
  void CheckAnswers();
  void StartLoad();
  void GiveUpLoad();
  void AskTurns(std::function<void(std::optional<WriteTurns>)> take);
  void AskTurnsAfter();
  void StopServer();
  void AskRows();
  void TakeRows();
  void FailAudit(const Error& error);
  void LookAtDisk();
  void End();

  [[nodiscard]] const PlanConfiguration& configuration() const {
    return setup_.plan.configurations[step_.configuration];
  }

  [[nodiscard]] bool audits() const {
    return !setup_.plan.audit.empty() && configuration().audited && why_not_audited_.empty();
  }

  RunSetup setup_;
  PlanStep step_;
  std::string directory_;  // ends with '/'
  std::function<void(const Status&)> on_end_;
  std::string why_not_audited_;  // "" where there is an audit, or none was asked for
  RunState state_ = RunState::kStarting;
  std::optional<Error> mistake_;  // the interrupt, or that the disk is full
  std::optional<Error> failure_;  // of the run; the first, what follows from it is no news
  Timer turn_;                    // the next step is taken outside of the callback that led to it
  Step next_ = nullptr;
  std::uint16_t port_ = 0;
  std::unique_ptr<ServerProcess> server_;  // nullptr where it runs already
  std::unique_ptr<ProgramRun> question_;
  std::unique_ptr<AnswerCheck> answer_check_;
  std::unique_ptr<Runner> runner_;
  std::unique_ptr<WorkerKiller> killer_;
  std::uint64_t killed_ = 0;
  std::unique_ptr<ControlQuestion> turns_question_;
  std::optional<WriteTurns> turns_before_;
  std::optional<WriteTurns> turns_;
  std::optional<ServerCosts> costs_;  // since its start; since the counted time began, after it
  std::uint64_t database_bytes_ = 0;
  std::uint64_t wal_bytes_ = 0;
  RowsBefore rows_before_;
  std::vector<Answer> answers_;
  std::string complaint_;
  Audit audit_;
  Pragmas pragmas_;
};

}  // namespace sqlicorn::loadgen
