// SPDX-License-Identifier: MIT
#include "master/fleet/checkpointer_keeper.h"

#include <algorithm>
#include <csignal>

#include "common/base/log.h"
#include "master/fleet/children.h"

namespace sqlicorn {
namespace {

// Copying a long log takes its time on a slow disk; without the end of it the next start goes on.
constexpr Duration kLongestClose = std::chrono::seconds(5);

}  // namespace

// It has no request in hand that its last words could name, so it is killed at once; SQLite
// survives that at any instant.
void CheckpointerKeeper::CheckHeartbeat(const OwnClock& clock) {
  const TimePoint now = clock.now();
  const bool hung = state_ == State::kServing && pulse_.Lost(now);
  if (hung) {
    LogCritical("CHECKPOINTER TIMEOUT (pid:{})", pid_);
  }
  if (hung || (state_ == State::kLeaving && now >= kill_at_)) {
    state_ = State::kLeaving;
    kill_at_ = now + kLongestClose;
    children_.Signal(pid_, SIGKILL);
  }
}

// One of another generation goes before the next one starts: it may have another database open.
void CheckpointerKeeper::Keep(const OwnClock& clock, const Wish& wish) {
  if (!wish.wanted || generation_ != wish.generation) {
    Dismiss(clock.now() + kLongestClose);
  }
  if (!wish.wanted || !wish.may_start || state_ != State::kNone ||
      !respawn_.MaySpawn(clock.real_now())) {
    return;
  }
  // Before the fork, as for a worker: the child may beat before this function goes on.
  slot_.Reset();
  if (Add(children_.StartCheckpointer(), clock)) {
    state_ = State::kServing;
    generation_ = wish.generation;
    pulse_ = wish.birth;
  }
}

bool CheckpointerKeeper::Add(const Result<pid_t>& child, const OwnClock& clock) {
  if (!child) {
    LogError("cannot start a checkpointer: {}", child.error().message);
    respawn_.OnDeath(clock.real_now(), {});  // the next turn would try it again else
    return false;
  }
  pid_ = *child;
  spawned_at_ = clock.real_now();
  return true;
}

void CheckpointerKeeper::Dismiss(TimePoint at_the_latest) {
  switch (state_) {
    case State::kNone:
      break;
    case State::kServing:
      state_ = State::kLeaving;
      kill_at_ = at_the_latest;
      children_.Signal(pid_, SIGTERM);
      break;
    case State::kLeaving:
      kill_at_ = std::min(kill_at_, at_the_latest);
      break;
  }
}

// The checkpointer goes after the workers, because the last to close copies the log and removes it.
// When two processes close at the same instant each leaves that to the other; then a child that
// does nothing else opens and closes the database once more.
bool CheckpointerKeeper::CloseDatabase(const OwnClock& clock, bool log_left) {
  Dismiss(clock.now() + kLongestClose);
  if (state_ != State::kNone) {
    return false;
  }
  if (!log_left || closed_) {
    return true;
  }
  // Once, whatever becomes of it: a log that is there still has a reader who is not ours, and the
  // next start copies it.
  closed_ = true;
  if (!Add(children_.StartLastClose(), clock)) {
    return true;
  }
  state_ = State::kLeaving;
  kill_at_ = clock.now() + kLongestClose;
  return false;
}

void CheckpointerKeeper::ReopenLogs() {
  if (state_ != State::kNone) {
    children_.Signal(pid_, SIGUSR1);
  }
}

// One that was killed for its silence is leaving by then and delays nobody: the log grows without
// it, and a new one is wanted at once.
bool CheckpointerKeeper::OnEnd(const ChildEnd& end, const OwnClock& clock) {
  if (state_ == State::kNone || end.pid != pid_) {
    return false;
  }
  if (EndedBadly(end.status) && state_ == State::kServing) {
    LogError("Checkpointer (pid:{}) has failed", pid_);
    respawn_.OnDeath(clock.real_now(), {.lifetime = clock.real_now() - spawned_at_});
  }
  state_ = State::kNone;
  slot_.Free();
  return true;
}

TimePoint CheckpointerKeeper::next_deadline() const {
  switch (state_) {
    case State::kServing:
      return pulse_.next_deadline();
    case State::kLeaving:
      return kill_at_;
    case State::kNone:
      break;
  }
  return TimePoint::max();
}

}  // namespace sqlicorn
