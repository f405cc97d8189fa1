// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "worker/sqlite/sql_status.h"

namespace sqlicorn {

enum class OutcomeKind {
  kCommitted,
  kBusy,      // SQLite said the database is locked; rolled back, worth trying again
  kNoTurn,    // the turn to write did not come, or too many waited for it; nothing was begun
  kRejected,  // a constraint refused the data; rolled back
  kBadValue,  // a function or operator could not take a field of the request; rolled back
  kUnmet,     // a step did not find what it expects; rolled back
  kTimedOut,  // its statements took longer than they may; rolled back
  kLong,      // a read that takes longer than a slice; undone, to be run again in slices
  kFailed,    // disk full, I/O error, corrupt database, …; rolled back
};

// What became of an executed plan. Only kFailed is a fault; the others are what endpoints are for.
struct Outcome {
  OutcomeKind kind = OutcomeKind::kCommitted;
  SqlStatus
      status;  // SQLite's own code and words, ok for kCommitted; kNoTurn: SQLITE_BUSY, our words
  std::string step = {};  // at which step it ended, where it was one
  int answer = 0;         // kUnmet: the status of the answer; the words are for the client

  // The database was, and may be had by asking again.
  [[nodiscard]] bool locked() const {
    return kind == OutcomeKind::kBusy || kind == OutcomeKind::kNoTurn;
  }
};

}  // namespace sqlicorn
