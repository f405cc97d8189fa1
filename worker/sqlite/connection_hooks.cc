// SPDX-License-Identifier: MIT
// What SQLite asks a connection while it works: whether to wait, to go on, to checkpoint.
#include <algorithm>
#include <limits>
#include <thread>
#include <utility>

#include <sqlite3.h>

#include "worker/sqlite/connection.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;

// Ten microseconds or so: a look at the clock each time is not felt, and a slice of a millisecond
// ends where it should.
constexpr int kInstructionsBetween = 400;

int ToMilliseconds(Duration duration) {
  const auto ms = std::chrono::ceil<milliseconds>(duration).count();
  return static_cast<int>(std::clamp<decltype(ms)>(ms, 0, std::numeric_limits<int>::max()));
}

}  // namespace

// A connection has one handler: to set the timeout takes a handler of ours away, and the other way
// round.
void Connection::SetBusyWait(BusyWait wait, Duration timeout) {
  timeout_ = wait == BusyWait::kNone ? Duration{} : timeout;
  if (wait == BusyWait::kConstant) {
    sqlite3_busy_handler(db_.get(), &Connection::OnBusy, this);
  } else {
    sqlite3_busy_timeout(db_.get(), ToMilliseconds(timeout_));
  }
}

int Connection::OnBusy(void* self, int calls_before) noexcept {
  return static_cast<Connection*>(self)->WaitOnce(calls_before) ? 1 : 0;
}

// SQLite counts its calls for each lock anew, so that 0 is where a wait begins.
bool Connection::WaitOnce(int calls_before) {
  const TimePoint now = Clock::now();
  if (calls_before == 0) {
    deadline_ = now + timeout_;
    return timeout_ > Duration{};
  }
  if (now >= deadline_) {
    return false;
  }
  std::this_thread::sleep_for(milliseconds(1));
  return true;
}

void Connection::WaitBy(std::function<bool(int)> wait) {
  wait_ = std::move(wait);
  sqlite3_busy_handler(
      db_.get(),
      [](void* self, int calls_before) noexcept {
        return static_cast<Connection*>(self)->wait_(calls_before) ? 1 : 0;
      },
      this);
}

void Connection::OnProgress(std::function<bool()> interrupt) {
  interrupt_ = std::move(interrupt);
  sqlite3_progress_handler(
      db_.get(), kInstructionsBetween,
      [](void* self) noexcept { return static_cast<Connection*>(self)->interrupt_() ? 1 : 0; },
      this);
}

// SQLite's own wal_autocheckpoint is such a hook too: ours takes its place, and the pragma, when it
// is set after this, takes ours away.
void Connection::OnWalGrowth(std::function<void(int)> grown) {
  wal_grown_ = std::move(grown);
  sqlite3_wal_hook(db_.get(), &Connection::OnWal, this);
}

int Connection::OnWal(void* self, sqlite3* /*db*/, const char* /*schema*/, int pages) noexcept {
  static_cast<Connection*>(self)->wal_grown_(pages);
  // Whatever came of it: another answer would fail the COMMIT, which has happened.
  return SQLITE_OK;
}

}  // namespace sqlicorn
