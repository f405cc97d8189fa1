// SPDX-License-Identifier: MIT
// The arbiter's part in checkpoints: a checkpointer beside the workers where one is wanted, and a
// database that is closed with nothing left in its write-ahead log.
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "common/base/log.h"
#include "master/arbiter.h"
#include "master/fleet/worker_end.h"
#include "worker/run_checkpointer.h"

namespace sqlicorn {
namespace {

// Copying a long log takes its time on a slow disk; without the end of it the next start goes on.
constexpr Duration kLongestClose = std::chrono::seconds(5);

bool HasWal(const std::string& database) {
  struct stat info {};

  return stat((database + "-wal").c_str(), &info) == 0;
}

}  // namespace

void Checkpointer::Dismiss(TimePoint at_the_latest) {
  if (pid != 0 && !leaving()) {
    kill(pid, SIGTERM);
  }
  kill_at = pid == 0 ? TimePoint::max() : std::min(kill_at, at_the_latest);
}

TimePoint Checkpointer::next_deadline() const {
  if (pid == 0) {
    return TimePoint::max();
  }
  return leaving() ? kill_at : pulse.next_deadline();
}

const Doorbell* Arbiter::CheckpointBell() const {
  return queue_ != nullptr && WantsCheckpointer(config().database) ? checkpoint_bell_ : nullptr;
}

ServedFiles Arbiter::Served() const {
  return {generations_.serving().database, scoreboard_.slots()};
}

void Arbiter::KeepCheckpointer() {
  const TimePoint now = clock_.now();
  if (checkpointer_.pid != 0) {
    const bool hung = !checkpointer_.leaving() && checkpointer_.pulse.Lost(now);
    if (hung) {
      LogCritical("CHECKPOINTER TIMEOUT (pid:{})", checkpointer_.pid);
    }
    if (hung || now >= checkpointer_.kill_at) {
      checkpointer_.kill_at = now + kLongestClose;
      kill(checkpointer_.pid, SIGKILL);
    }
  }
  if (state_ != State::kRunning) {
    return;
  }
  const bool wanted = CheckpointBell() != nullptr && wanted_ > 0;
  if (!wanted || checkpointer_.generation != generations_.serving().number) {
    checkpointer_.Dismiss(now + kLongestClose);
  }
  // Not before the launch of a daemon is over: it would keep the terminal open.
  if (wanted && launch_ == nullptr && checkpointer_.pid == 0 &&
      checkpointer_.respawn.MaySpawn(Clock::now())) {
    SpawnCheckpointer();
  }
}

void Arbiter::SpawnCheckpointer() {
  const Generation& serving = generations_.serving();
  checkpointer_slot_.Reset();
  const CheckpointerContext context{.config = serving.config,
                                    .listeners = serving.listeners->fds(),
                                    .slot = checkpointer_slot_,
                                    .served = Served(),
                                    .bell = *checkpoint_bell_};
  AddCheckpointer(SpawnChild(serving, [&] { return RunCheckpointer(context); }));
}

void Arbiter::AddCheckpointer(const Result<pid_t>& child) {
  const TimePoint now = Clock::now();
  if (!child) {
    LogError("cannot start a checkpointer: {}", child.error().message);
    checkpointer_.respawn.OnDeath(now, {});
    return;
  }
  checkpointer_.pid = *child;
  checkpointer_.generation = generations_.serving().number;
  checkpointer_.spawned_at = now;
  checkpointer_.pulse = BirthOfChild();
  checkpointer_.kill_at = TimePoint::max();
}

void Arbiter::OnCheckpointerEnd(int status) {
  if (EndedBadly(status) && !checkpointer_.leaving()) {
    LogError("Checkpointer (pid:{}) has failed", checkpointer_.pid);
    checkpointer_.respawn.OnDeath(Clock::now(),
                                  {.lifetime = Clock::now() - checkpointer_.spawned_at});
  }
  checkpointer_.pid = 0;
  checkpointer_slot_.Free();
}

// True when there is nothing left to do. REQUIRES: no worker is left.
bool Arbiter::CloseDatabase() {
  checkpointer_.Dismiss(clock_.now() + kLongestClose);
  if (checkpointer_.pid != 0) {
    return false;
  }
  const bool graceful = overdue_ == EndCause::kGraceful;
  const bool alone = successor_pid_ == 0 && parent_master_ == 0;
  const bool writes = config().database.access == DatabaseAccess::kReadWrite;
  if (!graceful || !alone || !writes || checkpointer_.closed || !HasWal(config().database.path)) {
    return true;
  }
  checkpointer_.closed = true;
  AddCheckpointer(
      SpawnChild(generations_.serving(), [&] { return RunLastClose(config(), Served()); }));
  checkpointer_.kill_at = clock_.now() + kLongestClose;
  return checkpointer_.pid == 0;
}

}  // namespace sqlicorn
