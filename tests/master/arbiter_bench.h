// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/process.h"
#include "common/config/server_config.h"
#include "master/arbiter.h"
#include "master/fleet/children.h"
#include "master/generations.h"
#include "master/start/shared_state.h"
#include "master/start/surroundings.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {

enum class Role { kWorker, kCheckpointer, kLastClose, kPreparation, kSuccessor };

struct PlayedChild {
  Role role;
  pid_t pid;
  std::uint64_t generation;
  std::size_t slot;  // of a worker
  TimePoint born;
  std::vector<int> signals{};  // that it got, in their order
};

// How a child behaves. It has done what it was started for so long after its birth, or never: a
// worker and a checkpointer serve then, the others end.
struct Conduct {
  std::optional<Duration> done_after = std::chrono::milliseconds(50);
  int end_status = 0;          // of those that end, as waitpid has it; else ends who should serve
  std::vector<int> deaf_to{};  // signals it does not obey; KILL it always does
  bool silent = false;         // gives no heartbeat
};

// As waitpid has it.
[[nodiscard]] inline int ExitStatus(ExitCode code) {
  return static_cast<int>(code) << 8;
}

// Children that are played: each does what its role's conduct says, in the time of the test.
class PlayedChildren : public Children {
 public:
  PlayedChildren(const SharedState& shared, const Generations& generations)
      : shared_(shared), generations_(generations) {}

  [[nodiscard]] Result<pid_t> StartWorker(const WorkerStart& start) override;

  [[nodiscard]] bool WantsCheckpointer() const override { return has_checkpointer; }

  [[nodiscard]] Result<pid_t> StartCheckpointer() override { return Start(Role::kCheckpointer); }

  [[nodiscard]] Result<pid_t> StartLastClose() override { return Start(Role::kLastClose); }

  [[nodiscard]] bool HasLog() const override { return has_log; }

  [[nodiscard]] Result<pid_t> StartPreparation() override { return Start(Role::kPreparation); }

  [[nodiscard]] Result<pid_t> StartSuccessor() override { return Start(Role::kSuccessor); }

  void Signal(pid_t pid, int signal) override;
  [[nodiscard]] std::optional<ChildEnd> Reap() override;

  [[nodiscard]] pid_t Parent() const override { return parent; }

  // What they do until this instant.
  void Play(TimePoint now);
  // Ends one from outside. `status` as waitpid has it.
  void End(pid_t pid, int status);

  [[nodiscard]] std::vector<PlayedChild> Living(Role role) const;
  [[nodiscard]] const PlayedChild& Child(pid_t pid) const;  // dead or alive

  [[nodiscard]] std::size_t CountStarted(Role role) const { return started_.at(role); }

  std::map<Role, Conduct> conduct;                         // may change at any time
  std::map<std::uint64_t, Conduct> conduct_of_generation;  // of its workers, before the others
  bool has_checkpointer = false;
  bool has_log = false;
  bool no_process_left = false;  // every start fails
  pid_t parent = 1;

 private:
  [[nodiscard]] Result<pid_t> Start(Role role, std::size_t slot = 0);
  void Play(const PlayedChild& child);
  [[nodiscard]] const Conduct& ConductOf(const PlayedChild& child);
  [[nodiscard]] WorkerSlot* SlotOf(const PlayedChild& child) const;

  const SharedState& shared_;
  const Generations& generations_;
  std::map<pid_t, PlayedChild> children_;
  std::vector<pid_t> living_;
  std::deque<ChildEnd> ended_;
  std::map<Role, std::size_t> started_{{Role::kWorker, 0},
                                       {Role::kCheckpointer, 0},
                                       {Role::kLastClose, 0},
                                       {Role::kPreparation, 0},
                                       {Role::kSuccessor, 0}};
  TimePoint now_{};
  pid_t last_pid_ = 1000;
};

// An arbiter over played children and a played clock; sockets and files are real. Time moves in
// steps of ten milliseconds, with a turn after each.
class ArbiterBench {
 public:
  // Two workers, at an address the kernel chooses.
  [[nodiscard]] static ServerConfig TwoWorkers(const TempDir& dir);

  explicit ArbiterBench(const ServerConfig& config, pid_t parent_master = 0);
  ~ArbiterBench();
  ArbiterBench(const ArbiterBench&) = delete;
  ArbiterBench& operator=(const ArbiterBench&) = delete;

  // One step, with this signal to the master at its end.
  void Step(std::optional<int> signal = std::nullopt);

  // Nobody runs for so long.
  void Pause(Duration time) { now_ += time; }

  // So many steps; less when the server has stopped before.
  void Run(Duration time);
  // False when it did not come to that in a minute.
  bool RunUntil(const std::function<bool()>& condition);
  // Until all wanted workers serve.
  bool RunUntilServing();
  bool RunUntilStopped();

  [[nodiscard]] Arbiter& arbiter() { return arbiter_; }

  [[nodiscard]] PlayedChildren& children() { return children_; }

  [[nodiscard]] ServerStatus Status() const { return arbiter_.Describe(); }

  [[nodiscard]] std::size_t CountServing() const { return Status().CountServing(); }

  [[nodiscard]] std::vector<pid_t> Workers() const;  // that live, oldest first

  [[nodiscard]] TimePoint now() const { return now_; }

  // In the order of the log: what stands there since the start.
  [[nodiscard]] std::string Log() const;

  // What the next reload reads; an error when there is none.
  std::optional<ServerConfig> next_config;
  // Looked at after each turn.
  std::function<void()> after_turn = [] {};

 private:
  [[nodiscard]] Result<Generation> Load(const Generation& serving) const;

  SharedState shared_;
  Surroundings surroundings_;
  MasterOnly master_;
  PlayedChildren children_;
  TimePoint now_{std::chrono::hours(100)};
  std::string log_;
  Arbiter arbiter_;
};

}  // namespace sqlicorn
