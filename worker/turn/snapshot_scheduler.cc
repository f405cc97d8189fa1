// SPDX-License-Identifier: MIT
#include "worker/turn/snapshot_scheduler.h"

#include <utility>

namespace sqlicorn {

// One alone needs no BEGIN. A database that has been moved is refused by the plan itself.
ReadWay WayOf(const ReadFacts& facts, const ReadLimits& limits) {
  if (facts.ready == 0 || facts.transaction_open || facts.round >= limits.round) {
    return ReadWay::kWait;
  }
  return facts.ready == 1 || !facts.in_place ? ReadWay::kAlone : ReadWay::kShared;
}

bool SharesOn(const SharedFacts& facts, const ReadLimits& limits) {
  return facts.active && !facts.locked && facts.open < limits.snapshot;
}

SnapshotScheduler::SnapshotScheduler(Loop& loop, TransactionStatements& transactions,
                                     std::unique_ptr<Scheduler> behind, const ReadLimits& limits)
    : limits_(limits),
      transactions_(transactions),
      behind_(std::move(behind)),
      more_(loop, [] {}) {}

void SnapshotScheduler::Read(Job& job) {
  if (job.shares_snapshot) {
    ready_.push_back(&job);
  } else {
    behind_->Read(job);
  }
}

void SnapshotScheduler::Withdraw(Job& job) {
  std::erase(ready_, &job);
  std::erase(ran_, &job);
  behind_->Withdraw(job);
}

// Reads before writes: who only reads need not wait until a batch of writes is on the disk.
void SnapshotScheduler::OnRoundEnd() {
  RunReads();
  behind_->OnRoundEnd();
  // A transaction that is open sets a timer of its own, and reads that are ready go on after it.
  if (ready_.empty() || transaction_open()) {
    more_.Stop();
  } else {
    more_.Start();
  }
}

// Answers bring new reads, of clients that send several at once: they are ready like the others.
void SnapshotScheduler::RunReads() {
  if (ready_.empty()) {
    return;
  }
  const TimePoint began = Clock::now();
  ReadFacts facts;
  do {
    facts = {.ready = ready_.size(),
             .transaction_open = transaction_open(),
             .in_place = transactions_.LastPlace().ok(),
             .round = Clock::now() - began};
    switch (WayOf(facts, limits_)) {
      case ReadWay::kWait:
        return;
      case ReadWay::kAlone:
        behind_->Read(TakeFirst());
        break;
      case ReadWay::kShared:
        RunShared();
        break;
    }
  } while (true);
}

void SnapshotScheduler::RunShared() {
  Transaction snapshot(transactions_);
  if (const SqlStatus begun = snapshot.Begin(TransactionMode::kDeferred); !begun.ok()) {
    behind_->Read(TakeFirst());  // which meets the same, and tells it
    return;
  }
  const TimePoint began = Clock::now();
  SharedFacts facts;
  do {
    Job& job = TakeFirst();
    facts.locked = job.RunInside() == OutcomeKind::kBusy;
    ran_.push_back(&job);
    facts.active = snapshot.active();
    facts.open = Clock::now() - began;
  } while (!ready_.empty() && SharesOn(facts, limits_));
  // They have read what they were to read. That its locks could not be given back is no fault of
  // theirs, but somebody must tell it: the last one does.
  const SqlStatus ended = snapshot.active() ? snapshot.Commit() : SqlStatus();
  if (!ended.ok() && ran_.back()->outcome.kind == OutcomeKind::kCommitted) {
    ran_.back()->outcome = {OutcomeKind::kFailed, ended};
  }
  snapshot.Rollback();
  SettleAll();
}

Job& SnapshotScheduler::TakeFirst() {
  Job& job = *ready_.front();
  ready_.pop_front();
  return job;
}

// To settle one may withdraw others.
void SnapshotScheduler::SettleAll() {
  while (!ran_.empty()) {
    Job& job = *ran_.front();
    ran_.pop_front();
    behind_->Settle(job);
  }
}

}  // namespace sqlicorn
