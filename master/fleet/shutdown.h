// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/clock.h"
#include "common/base/process.h"
#include "master/fleet/worker_table.h"

namespace sqlicorn {

// When what is done to end the server. Pure: it is told the master's own time (OwnClock) and
// whether workers are left, and says the next step; the arbiter takes it.
//
//   running -Begin-> leaving -deadline-> aborted -200 ms-> killed -200 ms-> killed …
//   leaving, aborted, killed -no worker is left-> closing the database -Finish-> stopped
//   all of these but running and stopped -Begin, once more and quickly-> leaving
class Shutdown {
 public:
  enum class Kind {
    kGraceful,  // TERM: requests in hand are finished, the database is closed tidily
    kQuick,     // INT, QUIT, no worker can start
  };

  enum class Step { kNone, kAbortWorkers, kKillWorkers, kCloseDatabase };

  // What workers get to leave at a quick stop.
  static constexpr Duration kQuickGrace = std::chrono::milliseconds(500);

  // Workers keep graceful_timeout themselves, and have the last lines of their logs to write then.
  static constexpr Duration kGraceOfMaster = std::chrono::seconds(1);

  // Workers are told to go now. `graceful_timeout` is what a graceful stop leaves them.
  void Begin(Kind kind, TimePoint now, Duration graceful_timeout);

  // No worker can start: the code that the server is to end with.
  void FailWith(ExitCode code) { exit_code_ = code; }

  // Due now. Those to be killed had their time after their abort to name the requests they are at.
  [[nodiscard]] Step Next(TimePoint now, bool workers_left);

  // The database has been closed as far as that is wanted.
  void Finish() { stage_ = Stage::kStopped; }

  [[nodiscard]] bool running() const { return stage_ == Stage::kRunning; }

  [[nodiscard]] bool stopped() const { return stage_ == Stage::kStopped; }

  [[nodiscard]] bool graceful() const { return kind_ == Kind::kGraceful; }

  // Why workers are ended by force when their time is over.
  [[nodiscard]] EndCause overdue_cause() const {
    return graceful() ? EndCause::kGraceful : EndCause::kShutdown;
  }

  // When Next has something new to say while workers are left; TimePoint::max() when never.
  [[nodiscard]] TimePoint next_deadline() const { return deadline_; }

  [[nodiscard]] ExitCode exit_code() const { return exit_code_; }

 private:
  enum class Stage { kRunning, kLeaving, kAborted, kKilled, kClosing, kStopped };

  Stage stage_ = Stage::kRunning;
  Kind kind_ = Kind::kGraceful;
  TimePoint deadline_ = TimePoint::max();
  ExitCode exit_code_ = ExitCode::kOk;
};

}  // namespace sqlicorn
