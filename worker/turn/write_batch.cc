// SPDX-License-Identifier: MIT
#include "worker/turn/write_batch.h"

#include <algorithm>
#include <utility>

namespace sqlicorn {
namespace {

constexpr int kForeignKeyViolation = 787;  // SQLITE_CONSTRAINT_FOREIGNKEY

}  // namespace

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

WriteBatch::Result WriteBatch::Run(std::span<Job* const> jobs, Duration max_hold) {
  executed_.clear();
  refused_.clear();
  transaction_.emplace(transactions_);
  SqlStatus begun = transactions_.LookInPlace();
  if (begun.ok()) {
    begun = transaction_->Begin(TransactionMode::kImmediate);
  }
  if (!begun.ok()) {
    if (!begun.busy()) {
      executed_.assign(jobs.begin(), jobs.end());
      return FailAll(begun);
    }
    transaction_.reset();
    return {.end = End::kLocked, .again = {jobs.begin(), jobs.end()}, .locked = std::move(begun)};
  }
  const TimePoint stop_at = Clock::now() + max_hold;
  std::size_t next = 0;
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

WriteBatch::Result WriteBatch::AfterLoss(std::span<Job* const> jobs) {
  transaction_.reset();
  const std::vector<Job*> executed = std::exchange(executed_, {});
  if (jobs.size() == 1) {
    return {.answers = executed};
  }
  for (Job* job : executed) {
    job->alone = true;
  }
  return {.again = {jobs.begin(), jobs.end()}};
}

WriteBatch::Result WriteBatch::Commit() {
  SqlStatus committed = transaction_->Commit();
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
