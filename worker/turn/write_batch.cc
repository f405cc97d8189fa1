// SPDX-License-Identifier: MIT
#include "worker/turn/write_batch.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr int kBusy = 5;                   // SQLITE_BUSY
constexpr int kForeignKeyViolation = 787;  // SQLITE_CONSTRAINT_FOREIGNKEY

}  // namespace

// A connection uses its job again for its next request: what the last one left is not this one's.
void PendingWrites::Add(Job& job, TimePoint now, TimePoint deadline) {
  job.alone = false;
  job.waiting_since = now;
  job.deadline = deadline;
  line_.push_back(&job);
}

void PendingWrites::PutBack(std::span<Job* const> jobs) {
  line_.insert(line_.begin(), jobs.begin(), jobs.end());
}

void PendingWrites::Remove(const Job& job) {
  std::erase(line_, &job);
}

// Always from the front and without a gap, so that writes commit in the order in which they came:
// one that must be alone ends the batch before it, and is the next batch.
std::vector<Job*> PendingWrites::TakeBatch(std::size_t most, TimePoint now) {
  std::vector<Job*> jobs;
  while (!line_.empty() && jobs.size() < most) {
    const bool shares = !line_.front()->isolated && !line_.front()->alone;
    if (!shares && !jobs.empty()) {
      break;
    }
    jobs.push_back(&TakeFirst(now));
    if (!shares) {
      break;
    }
  }
  return jobs;
}

// The first one alone is looked at: all wait equally long, so that none behind it expires earlier.
// One that was put back keeps the deadline that it had.
Job* PendingWrites::TakeExpired(TimePoint loop_now, TimePoint now) {
  const bool expired = !line_.empty() && line_.front()->deadline <= loop_now;
  return expired ? &TakeFirst(now) : nullptr;
}

Job& PendingWrites::TakeFirst(TimePoint now) {
  Job& job = *line_.front();
  line_.pop_front();
  job.waited = now - job.waiting_since;
  return job;
}

Outcome LockedOutside() {
  return {OutcomeKind::kBusy, SqlStatus(kBusy, "database is locked")};
}

Outcome NoTurn(std::string_view setting) {
  return {OutcomeKind::kNoTurn,
          SqlStatus(kBusy,
                    fmt::format("database is locked: no turn to write came within {}", setting))};
}

Outcome TooManyWaiting() {
  return {OutcomeKind::kNoTurn,
          SqlStatus(kBusy, "too many writes are waiting: database.max_pending_writes is reached")};
}

WriteBatch::Result WriteBatch::Run(std::span<Job* const> jobs, Duration max_hold) {
  executed_.clear();
  refused_.clear();
  transaction_.emplace(transactions_);
  SqlStatus begun = transactions_.LookInPlace();
  if (begun.ok()) {
    begun = transaction_->Begin(TransactionMode::kImmediate);
  }
  if (!begun.ok()) {
    // A fault, not a lock: to try again would not help. Nobody has been executed, but all of them
    // are answered with it as if they had.
    if (!begun.busy()) {
      executed_.assign(jobs.begin(), jobs.end());
      return FailAll(begun);
    }
    transaction_.reset();
    return {.end = End::kLocked, .again = {jobs.begin(), jobs.end()}, .locked = std::move(begun)};
  }
  const TimePoint stop_at = Clock::now() + max_hold;
  std::size_t next = 0;
  // The first one runs whatever max_hold is, or a turn could pass without any progress.
  while (next < jobs.size() && (next == 0 || Clock::now() < stop_at)) {
    Job& job = *jobs[next++];
    executed_.push_back(&job);
    const Verdict verdict = jobs.size() == 1 ? RunOne(job) : RunInSavepoint(job);
    if (verdict == Verdict::kTransactionLost) {
      return AfterLoss(jobs);
    }
    if (verdict == Verdict::kUndone && jobs.size() > 1) {
      refused_.push_back(&job);
    }
  }
  Result result = Commit();
  result.again.insert(result.again.end(), jobs.begin() + static_cast<std::ptrdiff_t>(next),
                      jobs.end());
  return result;
}

// Alone in its transaction: no savepoint is needed to undo it.
WriteBatch::Verdict WriteBatch::RunOne(Job& job) {
  const Verdict verdict = Judge(job, job.RunInside());
  if (verdict == Verdict::kUndone) {
    transaction_->Rollback();
  }
  return verdict;
}

WriteBatch::Verdict WriteBatch::RunInSavepoint(Job& job) {
  Savepoint savepoint(transactions_);
  if (SqlStatus opened = savepoint.Open(); !opened.ok()) {
    job.outcome = {OutcomeKind::kFailed, std::move(opened)};
    // SQLite may have ended the transaction with the failure, as it does when the disk is full.
    return connection_.in_transaction() ? Verdict::kUndone : Verdict::kTransactionLost;
  }
  const Verdict verdict = Judge(job, job.RunInside());
  if (verdict == Verdict::kKept) {
    if (SqlStatus released = savepoint.Release(); !released.ok()) {
      job.outcome = {OutcomeKind::kFailed, std::move(released)};
      return connection_.in_transaction() ? Verdict::kUndone : Verdict::kTransactionLost;
    }
  }
  return verdict;
}

WriteBatch::Verdict WriteBatch::Judge(Job& job, OutcomeKind kind) const {
  // ON CONFLICT ROLLBACK, RAISE(ROLLBACK), a full disk or an I/O error end the transaction itself.
  if (!connection_.in_transaction()) {
    if (kind == OutcomeKind::kCommitted) {
      job.outcome = {OutcomeKind::kFailed, connection_.last_status()};
    }
    return Verdict::kTransactionLost;
  }
  if (kind != OutcomeKind::kCommitted) {
    return Verdict::kUndone;
  }
  // A deferred foreign key is only checked by COMMIT, where it would take the whole batch hostage.
  if (connection_.breaks_deferred_foreign_keys()) {
    job.outcome = {OutcomeKind::kRejected,
                   SqlStatus(kForeignKeyViolation, "FOREIGN KEY constraint failed")};
    return Verdict::kUndone;
  }
  return Verdict::kKept;
}

// Whoever was executed before the loss has had an answer that is not true any more, so none of them
// is told it: each runs once more by itself, and only the one that is at fault loses its
// transaction again. Those that were not reached may share a batch again.
WriteBatch::Result WriteBatch::AfterLoss(std::span<Job* const> jobs) {
  transaction_.reset();
  const std::vector<Job*> executed = std::exchange(executed_, {});
  if (jobs.size() == 1) {
    return {.answers = executed};
  }
  // But for one that took too long, which rests on nothing that another wrote: to run it again
  // would hold the turn as long once more.
  Job* const last = executed.back();
  const bool late = last->outcome.kind == OutcomeKind::kTimedOut;
  Result result;
  for (Job* job : jobs) {
    job->alone = job->alone || std::find(executed.begin(), executed.end(), job) != executed.end();
    (late && job == last ? result.answers : result.again).push_back(job);
  }
  return result;
}

WriteBatch::Result WriteBatch::Commit() {
  SqlStatus committed = transaction_->Commit();
  // Only in rollback journal modes: readers hold shared locks, and the pages cannot be written
  // under them. SQLite keeps the pending lock that COMMIT has got by now, which lets no new reader
  // in, so that only those who read already are waited for.
  if (committed.busy()) {
    return {.end = End::kCommitLocked, .locked = std::move(committed)};
  }
  if (!committed.ok()) {
    return FailAll(committed);
  }
  transaction_.reset();
  return {.answers = std::exchange(executed_, {})};
}

WriteBatch::Result WriteBatch::FailAll(const SqlStatus& status) {
  Result result = GiveUp();
  for (Job* job : result.answers) {
    job->outcome = {OutcomeKind::kFailed, status};
  }
  return result;
}

// One that was refused was refused by what the others had written, perhaps: a row that a UNIQUE
// constraint knows. As that is undone, it is to run again, alone, instead of being told a reason
// that never was in the database.
WriteBatch::Result WriteBatch::GiveUp() {
  transaction_.reset();
  Result result;
  for (Job* job : std::exchange(executed_, {})) {
    const bool refused = std::find(refused_.begin(), refused_.end(), job) != refused_.end();
    job->alone = job->alone || refused;
    (refused ? result.again : result.answers).push_back(job);
  }
  return result;
}

void WriteBatch::Forget(const Job& job) {
  std::erase(executed_, &job);
  std::erase(refused_, &job);
}

}  // namespace sqlicorn
