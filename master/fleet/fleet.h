// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/shared_write_queue.h"
#include "common/ipc/write_queue.h"
#include "master/fleet/children.h"
#include "master/fleet/pulse.h"
#include "master/fleet/server_status.h"
#include "master/fleet/worker_table.h"
#include "master/fleet/workforce.h"

namespace sqlicorn {

// The workers: how many are wanted, who they are, which slot each has, when the next one may be
// spawned and who has to go. Does what PlanWorkforce and FindOverdueWorkers decide, by way of
// `Children`. Lives in the master; knows generations by number only.
class Fleet {
 public:
  // All of it outlives this object. The last slot of the scoreboard is not a worker's.
  struct Parts {
    Children& children;
    const Scoreboard& scoreboard;
    const SharedWriteQueue* queue;  // null when writes do not queue
    std::size_t wanted;
  };

  // The generation whose workers are wanted.
  struct Serving {
    const ServerConfig& config;
    std::uint64_t generation;
  };

  // What the end of a child means beyond the need of another one.
  enum class News {
    kNotOurs,
    kNone,
    kBootFailed,  // a worker of the serving generation ended badly before it was ready
  };

  explicit Fleet(const Parts& parts);

  // Takes over what the workers say in shared memory.
  void Observe(const OwnClock& clock);

  [[nodiscard]] News OnEnd(const ChildEnd& end, std::uint64_t serving, const OwnClock& clock);

  // Aborts, then kills, workers that are silent or have not gone in time.
  void CheckHeartbeats(const OwnClock& clock);

  // One turn of a server that runs: retires who is to go and spawns who is missing. True when as
  // many of the serving generation serve as are wanted.
  [[nodiscard]] bool Adjust(const Serving& serving, const OwnClock& clock);

  [[nodiscard]] std::size_t wanted() const { return wanted_; }

  // The greatest number that may be wanted: a slot is left so that any worker can be replaced.
  [[nodiscard]] std::size_t room() const { return slots_.size() - 1; }

  // REQUIRES: no more than room.
  void SetWanted(std::size_t wanted) { wanted_ = wanted; }

  void WantOneMore();  // TTIN
  void WantOneLess();  // TTOU

  // A new generation starts with a clean slate, whatever became of workers of the one before.
  void ForgetDeaths() { respawn_ = RespawnPolicy(); }

  // Tells one worker to finish what it has and go; none when `pid` is going or not ours.
  void Dismiss(pid_t pid, EndCause cause, const ServerSettings& settings, const OwnClock& clock);

  // At a stop: a signal for all of them, who end for this reason.
  void End(int signal, EndCause cause);

  void ReopenLogs();

  [[nodiscard]] bool empty() const { return table_.empty(); }

  // Nobody of another generation is left in service.
  [[nodiscard]] bool ServesOnly(std::uint64_t generation) const;

  // A worker was ready once, of whatever generation, whether it lives or not.
  [[nodiscard]] bool someone_served() const;

  // Workers and their sums.
  void Describe(ServerStatus* status, const OwnClock& clock) const;

  // What only the control socket is told: counts of each worker, endpoints, whose turn it is to
  // write. REQUIRES: `status` is described.
  void DescribeWrites(ServerStatus* status) const;

  // When a worker can be overdue, in the master's own time; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_overdue() const;

  // When a spawn that had to wait may be; TimePoint::max() when none waits.
  [[nodiscard]] TimePoint next_spawn() const;

 private:
  // False when no process could be had. REQUIRES: a free slot.
  bool Spawn(const Serving& serving, const OwnClock& clock);
  void CloseBooks(const WorkerRecord& worker, bool badly);
  void Dismiss(WorkerRecord& worker, EndCause cause, const ServerSettings& settings, TimePoint now);
  [[nodiscard]] std::vector<WorkerView> View() const;
  [[nodiscard]] bool HasServed(std::uint64_t generation) const;
  [[nodiscard]] WorkerCounts CountsOf(std::size_t slot) const;
  // The queue as the master has it, when there is one.
  [[nodiscard]] std::optional<WriteQueue> Queue() const;

  Children& children_;
  const Scoreboard& scoreboard_;
  std::span<WorkerSlot> slots_;
  const SharedWriteQueue* queue_;
  WorkerTable table_;
  RespawnPolicy respawn_;
  EndpointRows endpoint_rows_;
  ServerCounters counters_;
  std::size_t wanted_;
  bool spawn_delayed_ = false;       // by the respawn policy
  std::uint64_t newest_served_ = 0;  // the newest generation of which an ended worker was ready
};

}  // namespace sqlicorn
