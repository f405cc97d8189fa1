// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "common/base/clock.h"
#include "common/base/exit_code.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "master/heartbeat_monitor.h"
#include "master/listeners.h"
#include "master/process_spawner.h"
#include "master/respawn_policy.h"
#include "master/signal_queue.h"
#include "master/worker_table.h"

namespace sqlicorn {

// The master: keeps the wanted number of workers alive over one set of listening sockets. Owns no
// SQLite handle, no libuv loop and no thread, so that forking stays safe, and never touches a
// client connection.
class Arbiter {
 public:
  // The listeners are closed when the stop begins. Everything outlives the arbiter.
  struct Parts {
    const ServerConfig& config;
    Listeners& listeners;
    SignalQueue& signals;
    const Scoreboard& scoreboard;
  };

  explicit Arbiter(const Parts& parts);

  // One turn after another until the server has stopped.
  [[nodiscard]] ExitCode Run();

 private:
  // running -> stopping (TERM, INT, QUIT, or a halt) -> stopped (no worker left)
  enum class State { kRunning, kStopping, kStopped };

  void Turn();

  void ReapAll();
  void HandleOneSignal();
  void CheckHeartbeats();
  void AdjustWorkerCount();
  [[nodiscard]] TimePoint NextDeadline() const;

  // False when no process could be had.
  bool SpawnWorker(std::size_t slot);
  void OnWorkerEnd(const WorkerRecord& worker, int status);
  [[nodiscard]] bool HaltAfterBootFailure(int status);
  void BeginStop(int worker_signal, Duration grace);
  void SignalWorkers(int signal, EndCause cause);
  void CheckStop();

  const ServerConfig& config_;
  Listeners& listeners_;
  SignalQueue& signals_;
  std::span<WorkerSlot> slots_;
  ProcessSpawner spawner_;
  HeartbeatMonitor heartbeats_;
  RespawnPolicy respawn_;
  WorkerTable table_;

  State state_ = State::kRunning;
  std::size_t wanted_;
  bool any_worker_was_ready_ = false;
  TimePoint stop_deadline_{};  // kStopping only
  ExitCode exit_code_ = ExitCode::kOk;
};

}  // namespace sqlicorn
