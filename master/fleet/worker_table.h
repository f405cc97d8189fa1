// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"
#include "master/fleet/pulse.h"

namespace sqlicorn {

// What the master did to a worker, so that the log can say who ended it and why.
enum class EndCause {
  kNone,       // not by the master
  kSurplus,    // more workers than wanted
  kReload,     // a new configuration has taken over
  kShutdown,   // the server stops
  kHeartbeat,  // silent for longer than `timeout`
  kGraceful,   // still running when graceful_timeout was over
  kCommand,    // an operator said so
  kRecycled,   // it had asked for a successor, which serves
  kGivenUp,    // of a configuration that could not take over
};

constexpr std::size_t kEndCauses = 9;

// What the master has done to a worker whose time is over: nothing -> SIGABRT -> SIGKILL.
enum class Force { kNone, kAborted, kKilled };

// One living worker, as the master knows it.
struct WorkerRecord {
  pid_t pid = 0;
  std::uint64_t generation = 0;  // of the configuration it was started with
  std::size_t slot = 0;          // of the scoreboard
  std::uint64_t ordinal = 0;     // 1 for the first that was ever added; given by WorkerTable
  TimePoint spawned_at{};
  EndCause end_cause = EndCause::kNone;
  bool ready = false;      // it has said that it serves
  TimePoint ready_at{};    // ready: when that was seen
  bool recycling = false;  // it has said that it wants a successor
  Pulse pulse{};
  Force force = Force::kNone;
  // When the next force is used on a worker that has been told to go and has not gone; in the
  // master's own time (OwnClock).
  TimePoint kill_at = TimePoint::max();

  // Takes over what its slot says now. Once it has said something the master remembers.
  void Observe(const WorkerSlot& said, const OwnClock& clock);

  // It has been told to go, or is being killed.
  [[nodiscard]] bool leaving() const { return end_cause != EndCause::kNone; }

  // Whatever it ends with now is no failure of its own. One that hung has not been told: it failed.
  [[nodiscard]] bool told_to_go() const { return leaving() && end_cause != EndCause::kHeartbeat; }

  // While it is not leaving, and workers of generation `serving` are wanted: why it has to go.
  [[nodiscard]] EndCause WhyNotWanted(std::uint64_t serving) const;
};

// The set of living workers: who they are, which scoreboard slot each holds, who is oldest. Pure
// bookkeeping of the master's process, no system calls.
class WorkerTable {
 public:
  explicit WorkerTable(std::size_t slots) : slot_used_(slots, false) {}

  // The lowest slot nobody holds; nothing when all are taken.
  [[nodiscard]] std::optional<std::size_t> FreeSlot() const;

  // The youngest from now on. REQUIRES: its slot is free.
  void Add(const WorkerRecord& worker);

  // Forgets a reaped worker; nothing when `pid` is not ours.
  std::optional<WorkerRecord> Remove(pid_t pid);

  // Oldest first.
  [[nodiscard]] std::vector<WorkerRecord>& workers() { return workers_; }

  [[nodiscard]] const std::vector<WorkerRecord>& workers() const { return workers_; }

  [[nodiscard]] bool empty() const { return workers_.empty(); }

 private:
  std::vector<WorkerRecord> workers_;
  std::uint64_t last_ordinal_ = 0;
  std::vector<bool> slot_used_;
};

// A worker whose time is over.
struct OverdueWorker {
  enum class Step {
    kAbortSilent,  // found silent for too long: SIGABRT, so that it names the request it is at
    kAbortLate,    // told to go, and has not gone: the same
    kKill,         // it had its time for that: SIGKILL
  };

  pid_t pid;
  Step step;
};

// Finds the workers that have been silent for too long or were told to go and have not gone, and
// marks them in the table. Sends nothing. Here and below instants are the master's own time.
[[nodiscard]] std::vector<OverdueWorker> FindOverdueWorkers(TimePoint now, WorkerTable& table);

// When the next one can be overdue; TimePoint::max() when none will be.
[[nodiscard]] TimePoint NextOverdue(const WorkerTable& table);

}  // namespace sqlicorn
