// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/sqlite/transaction.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// What is to become of the reads that are ready when a round of the loop ends.
enum class ReadWay {
  kWait,    // they stay where they are
  kAlone,   // the first of them runs in a transaction of its own
  kShared,  // they run one after the other in one transaction
};

struct ReadLimits {
  // So long a snapshot gets new readers: beyond it, it would hold up whoever copies the log or, in
  // the rollback journal modes, commits.
  Duration snapshot = std::chrono::microseconds(500);
  // What reads may take of one round of the loop.
  Duration round = std::chrono::milliseconds(4);
};

struct ReadFacts {
  std::size_t ready = 0;          // so many of them
  bool transaction_open = false;  // on their connection, and not committed
  bool in_place = true;           // the database is where it was when it was opened
  Duration round{};               // for so long this round has run reads
};

[[nodiscard]] ReadWay WayOf(const ReadFacts& facts, const ReadLimits& limits);

// What a read that has just run in a shared snapshot found.
struct SharedFacts {
  bool locked = false;  // SQLite said the database is locked: the next would hear the same
  bool active = true;   // the transaction is still there: some failures end it
  Duration open{};      // for so long it has been open
};

// Whether the next read may use the same snapshot.
[[nodiscard]] bool SharesOn(const SharedFacts& facts, const ReadLimits& limits);

// In front of another scheduler: gathers the plans that only read, and runs those that are ready
// when a round of the loop ends in one read transaction, so that they pay one pair of locks. The
// snapshot begins when all of them have arrived, hence each sees whatever was acknowledged before
// it was sent. It ends before one of them is answered. Writes, and reads that must not share or
// have met a lock, are the other scheduler's.
class SnapshotScheduler final : public Scheduler {
 public:
  // `transactions`, of the connection that the jobs read, and the loop outlive the scheduler.
  SnapshotScheduler(Loop& loop, TransactionStatements& transactions,
                    std::unique_ptr<Scheduler> behind, const ReadLimits& limits = {});

  void Read(Job& job) override;

  void Write(Job& job) override { behind_->Write(job); }

  void Settle(Job& job) override { behind_->Settle(job); }

  void Withdraw(Job& job) override;
  void OnRoundEnd() override;

  [[nodiscard]] bool transaction_open() const override { return behind_->transaction_open(); }

 private:
  void RunReads();
  void RunShared();
  Job& TakeFirst();
  void SettleAll();

  const ReadLimits limits_;
  TransactionStatements& transactions_;
  std::unique_ptr<Scheduler> behind_;
  BusyHook more_;  // reads are left for the next round, before which the loop must not sleep
  std::deque<Job*> ready_;  // in the order of their arrival
  std::deque<Job*> ran_;    // in a snapshot, and not yet settled
};

}  // namespace sqlicorn
