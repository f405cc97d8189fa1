// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/worker_counters.h"
#include "master/fleet/pulse.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {

// What the master has counted since it started. Requests and busy answers are those of workers
// that have ended; the living ones still count in the scoreboard.
struct ServerCounters {
  std::uint64_t spawned = 0;
  std::array<std::uint64_t, kEndCauses> ended{};  // by EndCause
  std::uint64_t crashed = 0;                      // of those not ended by the master: badly
  std::uint64_t reloads_begun = 0;
  std::uint64_t reloads_done = 0;
  std::string last_reload_error{};  // why the last reload failed, "" if it did not
  std::uint64_t requests = 0;
  std::uint64_t busy = 0;
  WorkerCounts ended_counts{};

  // `slot` still holds the counters of the worker.
  void OnWorkerEnd(const WorkerRecord& worker, const WorkerSlot& slot, bool badly);
};

// Which row of the counters is which endpoint's. An endpoint keeps its row through every reload for
// the life of the master, so counts of old and new workers add up; what comes when the rows are
// used up shares the last one.
class EndpointRows {
 public:
  // Of the endpoints of `config`, in their order; new ones get the next free rows.
  [[nodiscard]] std::vector<std::size_t> RowsOf(const ServerConfig& config);

  // By row: "GET,POST /path/", and "others" for the last one.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] std::size_t RowOf(const std::string& name);

  std::vector<std::string> names_;
};

struct WorkerStatus {
  pid_t pid = 0;
  std::size_t slot = 0;
  std::uint64_t ordinal = 0;  // the how many-th worker of this master
  std::uint64_t generation = 0;
  Duration age{};
  WorkerState state = WorkerState::kBooting;
  bool hung = false;  // its heartbeat is overdue
  std::uint32_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t busy = 0;
  std::optional<Duration> heartbeat_age{};  // none before it is ready, and with timeout = 0
  WorkerCounts counts{};                    // told to the control socket only
};

struct ListenerStatus {
  std::string address;
  int fd = -1;
  std::string type;  // "tcp", "tcp6", "unix"
};

// One look at the whole server, for the control socket and the service manager.
struct ServerStatus {
  enum class Phase { kRunning, kReloading, kStopping };

  pid_t pid = 0;
  pid_t successor = 0;  // the master that is to replace this one; 0 = there is none
  Phase phase = Phase::kRunning;
  Duration uptime{};
  std::uint64_t generation = 0;  // the one that serves
  std::size_t wanted = 0;
  std::size_t room = 0;                 // the greatest number that may be wanted
  std::vector<WorkerStatus> workers{};  // oldest first
  ServerCounters counters{};
  std::uint64_t reloads_failed = 0;
  std::vector<ListenerStatus> listeners{};
  pid_t turn_of = 0;                     // the worker whose turn to write it is; 0 = nobody's
  Duration turn_age{};                   // since it was granted
  std::vector<std::string> endpoints{};  // their names, by row of the counters
  const ServerConfig* config = nullptr;  // of the serving generation

  // Workers that can take a request: ready and not hung.
  [[nodiscard]] std::size_t CountServing() const;
  [[nodiscard]] std::size_t Count(WorkerState state) const;
};

// What table and scoreboard say about one worker in this turn.
[[nodiscard]] WorkerStatus StatusOf(const WorkerRecord& worker, const WorkerSlot& slot,
                                    const OwnClock& clock);

[[nodiscard]] ListenerStatus DescribeListener(int fd);

// That a master cannot have more than `room` workers, and the way out.
[[nodiscard]] std::string DescribeRoom(std::size_t room);

}  // namespace sqlicorn
