// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>

#include "common/base/clock.h"
#include "common/ipc/shared_write_queue.h"
#include "common/ipc/worker_counters.h"
#include "common/ipc/write_queue.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "worker/turn/meters.h"
#include "worker/turn/retry_scheduler.h"
#include "worker/turn/scheduler.h"
#include "worker/turn/write_batch.h"

namespace sqlicorn {

// The schedulers fifo and group: writes wait parked in this worker's line, the worker waits in the
// line of all workers, and its turn commits one of them or a batch. The loop goes on serving
// meanwhile. Reads never wait for a turn, only for a transaction that is open on their connection.
class QueueScheduler final : public Scheduler {
 public:
  struct Options {
    std::size_t self;         // slot of this worker
    std::size_t max_batch;    // 1 = fifo
    Duration max_hold;        // of one batch
    Duration patience;        // for a lock that is held outside the queue
    Duration queue_timeout;   // for the turn
    std::size_t max_pending;  // jobs in line
    std::string_view queue_timeout_setting = "database.write_queue_timeout";  // where it comes from
  };

  // Everything outlives the scheduler.
  struct Parts {
    Loop& loop;
    const SharedWriteQueue& shared;
    Connection& connection;
    TransactionStatements& transactions;
    WorkerCounters& counters;  // of this worker
  };

  QueueScheduler(const Parts& parts, const Options& options);
  ~QueueScheduler() override;
  QueueScheduler(const QueueScheduler&) = delete;
  QueueScheduler& operator=(const QueueScheduler&) = delete;

  void Read(Job& job) override;
  void Write(Job& job) override;
  void Settle(Job& job) override;
  void Withdraw(Job& job) override;
  void OnRoundEnd() override;

  [[nodiscard]] bool transaction_open() const override { return state_ == State::kHeldAtCommit; }

 private:
  // idle -> waiting -> taking -> idle, or back to waiting when it is not our turn or more is left
  // to write. Taking is over within one call, unless somebody outside the queue is in the way:
  // taking -> held at begin -> held at commit -> idle or waiting.
  enum class State {
    kIdle,          // nothing to write, no place in the line of the workers
    kWaiting,       // in that line
    kTaking,        // asks for the turn and uses it: a wake-up for ourselves needs no eventfd
    kHeldAtBegin,   // the turn is ours and nothing has begun: another has the lock
    kHeldAtCommit,  // executed, with the transaction open: readers keep COMMIT waiting
  };

  void Pump();
  bool TakeTurn();
  void WaitInLine();
  void Execute();
  [[nodiscard]] WriteBatch::Result RunNextBatch(TimePoint now);
  WriteBatch::End Settle(const WriteBatch::Result& result);
  void GoOn(WriteBatch::End end);
  void EndTurn();
  void HoldOn(State held);
  void OnWake();
  void OnTimer();
  void TryCommitAgain();
  void DropExpired();
  void FinishAll();

  const Options options_;
  Loop& loop_;
  const SharedWriteQueue& shared_;
  WorkerCounters& counters_;
  TurnMeter meter_;
  WriteQueue queue_;
  WriteBatch batch_;
  RetryScheduler reads_;
  PollWatcher wake_;
  Timer timer_;

  State state_ = State::kIdle;
  PendingWrites pending_;
  TimePoint commit_deadline_{};  // for a COMMIT that readers keep waiting
  unsigned attempts_ = 0;        // of this turn at a lock held outside the queue
  std::deque<Job*> finished_;    // committed or failed, to be told after the turn
};

}  // namespace sqlicorn
