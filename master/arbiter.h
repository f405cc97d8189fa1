// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/exit_code.h"
#include "common/config/server_config.h"
#include "common/ipc/write_queue.h"
#include "master/control/control_commands.h"
#include "master/control/control_server.h"
#include "master/fleet/checkpointer.h"
#include "master/fleet/endpoint_rows.h"
#include "master/fleet/heartbeat_monitor.h"
#include "master/fleet/own_clock.h"
#include "master/fleet/respawn_policy.h"
#include "master/fleet/server_status.h"
#include "master/fleet/worker_table.h"
#include "master/fleet/workforce.h"
#include "master/generations.h"
#include "master/process/last_words.h"
#include "master/process/process_spawner.h"
#include "master/process/signal_queue.h"
#include "master/service/service_notifier.h"
#include "master/service/service_report.h"
#include "master/start/daemon.h"
#include "master/start/program_start.h"
#include "master/start/shared_state.h"
#include "master/start/surroundings.h"
#include "worker/run_worker.h"

namespace sqlicorn {

// The master: keeps the wanted number of workers alive over one set of listening sockets. Owns no
// SQLite handle, no libuv loop and no thread, so that forking stays safe, and never touches a
// client connection.
class Arbiter {
 public:
  struct Parts {
    Generation first;
    std::function<Result<ServerConfig>()> load_config;  // all sources anew, for a reload
    const ProgramStart& start;                          // what USR2 starts
    Surroundings& surroundings;
    SignalQueue& signals;
    const SharedState& shared;
    LaunchReport* launch;     // null in the foreground
    pid_t parent_master = 0;  // the master we are to replace, 0 = none
    std::optional<ControlServer> control;
    ServiceEnvironment service;
  };

  explicit Arbiter(Parts parts);

  // One turn after another until the server has stopped.
  [[nodiscard]] ExitCode Run();

 private:
  // running -> stopping (TERM, INT, QUIT, or a halt) -> stopped (no child left)
  enum class State { kRunning, kStopping, kStopped };

  void Turn();

  void ObserveWorkers();
  void ReapAll();
  void HandleOneSignal();
  void CheckHeartbeats();
  void AdjustWorkforce();
  void CheckStop();
  [[nodiscard]] TimePoint NextDeadline() const;

  void OnSignal(int signal);
  void ServeControl();
  [[nodiscard]] std::string AnswerControl(std::string_view request);
  void Apply(const ControlEffect& effect);
  void NotifyService();
  void ReportLaunch();
  void SleepUntilNextTurn();
  [[nodiscard]] ServerStatus DescribeServer() const;
  void DescribeTurn(ServerStatus* status) const;
  [[nodiscard]] WorkerCounts CountsOf(std::size_t slot) const;
  // A child for a generation, with its identity and without what only the master uses.
  [[nodiscard]] Result<pid_t> SpawnChild(const Generation& generation,
                                         const std::function<ExitCode()>& body);

  void AddWorker();
  void RemoveWorker();
  void DismissAll();
  void ReopenLogs();

  // False when no process could be had. REQUIRES: a free slot.
  bool SpawnWorker();
  [[nodiscard]] Pulse BirthOfChild() const;
  void OnWorkerEnd(const WorkerRecord& worker, int status);
  void OnBootFailure(int status);
  void OnNewsInWorker();
  // Whether a worker of it has been ready.
  [[nodiscard]] bool HasServed(std::uint64_t generation) const;
  void Retire(pid_t pid);
  [[nodiscard]] EndCause CauseOf(const WorkerRecord& worker) const;
  void Dismiss(WorkerRecord& worker, EndCause cause);
  [[nodiscard]] std::vector<WorkerView> ViewWorkers() const;

  void BeginReload();
  [[nodiscard]] ExitCode TryOut(const ServerConfig& config);
  void OnPrepared(int status);
  void AbandonReload(std::string_view why);
  void GoBack();
  void FailReload(std::string_view why);
  void SettleReload();
  void UseSettings();
  void CreateLogs(const Generation& generation) const;
  void ShowTitle() const;
  [[nodiscard]] Result<ServerConfig> ReadConfig();
  [[nodiscard]] Result<Generation> LoadGeneration();
  [[nodiscard]] Status CheckRoom(std::size_t workers) const;

  // Where the serving workers ring, null where they make their own checkpoints.
  [[nodiscard]] const Doorbell* CheckpointBell() const;
  [[nodiscard]] ServedFiles Served() const;
  void KeepCheckpointer();
  void SpawnCheckpointer();
  void AddCheckpointer(const Result<pid_t>& child);
  void OnCheckpointerEnd(int status);
  [[nodiscard]] bool CloseDatabase();

  void BeginUpgrade();
  void OnSuccessorEnd(int status);
  void CheckPromotion();
  void CloseListeners(Listeners& listeners) const;

  void BeginStop(int worker_signal, Duration grace);
  void StopQuickly();
  void SignalWorkers(int signal, EndCause cause);

  [[nodiscard]] const ServerConfig& config() const { return generations_.serving().config; }

  // The queue as the master has it, when there is one.
  [[nodiscard]] std::optional<WriteQueue> Queue() const;

  Generations generations_;
  std::function<Result<ServerConfig>()> load_config_;
  const ProgramStart& start_;
  Surroundings& surroundings_;
  SignalQueue& signals_;
  const Scoreboard& scoreboard_;
  std::span<WorkerSlot> slots_;
  WorkerSlot& checkpointer_slot_;
  const Doorbell& doorbell_;
  const SharedWriteQueue* queue_;    // null when writes do not queue
  const Doorbell* checkpoint_bell_;  // null when there can be no checkpointer
  LaunchReport* launch_;
  ProcessSpawner spawner_;
  LastWords last_words_;
  OwnClock clock_{Clock::now()};  // of all deadlines of children
  RespawnPolicy respawn_;
  WorkerTable table_;
  Checkpointer checkpointer_;
  std::optional<ControlServer> control_;
  std::optional<ServiceNotifier> notifier_;
  ServiceReport report_;
  ServerCounters counters_;
  EndpointRows endpoint_rows_;
  TimePoint started_at_ = Clock::now();

  State state_ = State::kRunning;
  std::size_t wanted_;
  std::size_t former_wanted_ = 0;        // while a generation is replaced: what there was before
  bool spawn_delayed_ = false;           // by the respawn policy
  pid_t parent_master_;                  // until we are promoted; 0 = there is none
  pid_t successor_pid_ = 0;              // the master that is to replace us
  pid_t preparing_pid_ = 0;              // the child that tries a new configuration on the database
  bool reload_again_ = false;            // HUP came during a reload
  bool someone_served_ = false;          // a worker was ready once
  std::uint64_t served_generation_ = 0;  // the newest of which an ended worker had been ready
  TimePoint stop_deadline_{};            // kStopping only
  bool aborted_ = false;                 // the workers got their ABRT; what is left then gets KILL
  EndCause overdue_ = EndCause::kNone;   // why a worker is killed after it
  ExitCode exit_code_ = ExitCode::kOk;
};

}  // namespace sqlicorn
