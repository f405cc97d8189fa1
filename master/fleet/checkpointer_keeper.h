// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "common/base/clock.h"
#include "common/ipc/scoreboard.h"
#include "master/fleet/children.h"
#include "master/fleet/pulse.h"
#include "master/fleet/workforce.h"

namespace sqlicorn {

// Keeps the children that look after the write-ahead log: the checkpointer beside the workers, and
// at the end of the server the one that closes the database. At most one of the two lives.
//
//   none -Keep, wanted-> serving -not wanted, another generation, the server stops: TERM-> leaving
//   serving -silent for too long: KILL-> leaving
//   none -CloseDatabase-> leaving (the last close, which goes by itself)
//   leaving -five seconds, or what Dismiss says: KILL-> leaving
//   serving, leaving -OnEnd-> none
class CheckpointerKeeper {
 public:
  // What is to be, as far as the checkpointer is concerned.
  struct Wish {
    bool wanted;               // else the one there is goes
    bool may_start;            // now; a new one waits until then
    std::uint64_t generation;  // that it is to serve
    Pulse birth;               // how long it may be silent, when it is started now
  };

  // `slot` of the scoreboard is for its heartbeat. Both outlive this object.
  CheckpointerKeeper(Children& children, WorkerSlot& slot) : children_(children), slot_(slot) {}

  void Observe(const OwnClock& clock) { pulse_.Hear(slot_.beat_us, clock); }

  // Kills the one that hangs, or was told to go and has not gone.
  void CheckHeartbeat(const OwnClock& clock);

  // One turn of a server that runs.
  void Keep(const OwnClock& clock, const Wish& wish);

  // At a stop: it is to have gone by then, in the master's own time. Told to go once.
  void Dismiss(TimePoint at_the_latest);

  // At a stop, when no worker is left. True when there is nothing more to wait for. With
  // `log_left` a child closes the database, at most once in the life of this object.
  [[nodiscard]] bool CloseDatabase(const OwnClock& clock, bool log_left);

  // It is to open its log again.
  void ReopenLogs();

  // False when the child that has ended is none of these.
  bool OnEnd(const ChildEnd& end, const OwnClock& clock);

  // When it is to be looked at, in the master's own time; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  enum class State { kNone, kServing, kLeaving };

  // Takes note of a start; false when there was none.
  bool Add(const Result<pid_t>& child, const OwnClock& clock);

  Children& children_;
  WorkerSlot& slot_;
  State state_ = State::kNone;
  pid_t pid_ = 0;                 // unless kNone
  std::uint64_t generation_ = 0;  // of the configuration it was started with
  TimePoint spawned_at_{};
  Pulse pulse_{};
  TimePoint kill_at_ = TimePoint::max();  // kLeaving, in the master's own time
  RespawnPolicy respawn_;
  bool closed_ = false;  // the database, at the end
};

}  // namespace sqlicorn
