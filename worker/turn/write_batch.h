// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/transaction.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The writes of a worker that wait for its turn, oldest first. Decides which of them share a
// transaction; runs nothing.
class PendingWrites {
 public:
  [[nodiscard]] bool empty() const { return line_.empty(); }

  [[nodiscard]] std::size_t size() const { return line_.size(); }

  // The next one was in a transaction that broke, and runs by itself.
  [[nodiscard]] bool next_is_alone() const { return !empty() && line_.front()->alone; }

  // `now` is when it began to wait, `deadline` a time of the loop.
  void Add(Job& job, TimePoint now, TimePoint deadline);
  // Those of a batch that were not executed, in front of all others.
  void PutBack(std::span<Job* const> jobs);
  void Remove(const Job& job);

  // As many from the front as may share a transaction, which begins `now`.
  [[nodiscard]] std::vector<Job*> TakeBatch(std::size_t most, TimePoint now);

  // The next one if its deadline has come by the loop's time, else null; given up `now`.
  [[nodiscard]] Job* TakeExpired(TimePoint loop_now, TimePoint now);

 private:
  Job& TakeFirst(TimePoint now);

  std::deque<Job*> line_;
};

// What a write is told that the queue gives up: one word for each cause. All have the code
// SQLITE_BUSY, which is what clients go by.

// It had the turn, and a lock that is held outside the queue stayed.
[[nodiscard]] Outcome LockedOutside();

// No turn came. `setting`: the name of the one that said how long it waits.
[[nodiscard]] Outcome NoTurn(std::string_view setting);

// It was not let in.
[[nodiscard]] Outcome TooManyWaiting();

// Commits the writes of several requests in one transaction, a savepoint each, so that one flush to
// disk serves them all and one that fails fails alone. Knows SQLite and nothing of turns: the
// caller holds the turn and never goes back to the loop while Run is on the stack, so nobody reads
// what is not committed.
class WriteBatch {
 public:
  // Both outlive the batch.
  WriteBatch(Connection& connection, TransactionStatements& transactions)
      : connection_(connection), transactions_(transactions) {}

  enum class End {
    kDone,          // every job has its final outcome or is in `again`
    kLocked,        // somebody outside the queue has the lock; nothing was executed
    kCommitLocked,  // executed, but readers keep COMMIT waiting: the transaction is open, call
                    // Commit
  };

  struct Result {
    End end = End::kDone;
    std::vector<Job*> answers = {};  // have their outcome; valid to send once nothing is open
    std::vector<Job*> again = {};    // not executed, or undone through no fault of theirs
    SqlStatus locked = {};           // what SQLite said, not ok for kLocked and kCommitLocked
  };

  // Executes jobs in their order until all are done or `max_hold` has passed. When one of several
  // ends the transaction itself, as ON CONFLICT ROLLBACK does, all of them are `again`, marked to
  // run alone: what each is told must not rest on what another wrote in vain. For the same reason
  // those that were refused are `again` when the others could not be committed. REQUIRES: none is
  // open.
  [[nodiscard]] Result Run(std::span<Job* const> jobs, Duration max_hold);

  // Tries the COMMIT of a transaction left open again. REQUIRES: one is open.
  [[nodiscard]] Result Commit();

  // Undoes a transaction left open; `answers` are the jobs that it would have committed, whose
  // outcome is the caller's to set.
  [[nodiscard]] Result GiveUp();

  // The job's client has gone; what it wrote stays.
  void Forget(const Job& job);

 private:
  enum class Verdict { kKept, kUndone, kTransactionLost };

  Verdict RunOne(Job& job);
  Verdict RunInSavepoint(Job& job);
  [[nodiscard]] Verdict Judge(Job& job, OutcomeKind kind) const;
  Result AfterLoss(std::span<Job* const> jobs);
  Result FailAll(const SqlStatus& status);

  Connection& connection_;
  TransactionStatements& transactions_;
  std::optional<Transaction> transaction_;
  std::vector<Job*> executed_;       // since BEGIN
  std::vector<const Job*> refused_;  // those of several that were undone each for itself
};

}  // namespace sqlicorn
