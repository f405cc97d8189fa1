// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/ipc/shared_write_queue.h"
#include "common/ipc/worker_counters.h"
#include "common/ipc/write_queue.h"
#include "common/uv/loop.h"
#include "common/uv/poll_watcher.h"
#include "common/uv/timer.h"
#include "worker/turn/retry_scheduler.h"
#include "worker/turn/scheduler.h"
#include "worker/turn/turn_meter.h"
#include "worker/turn/write_batch.h"

namespace sqlicorn {

// The schedulers fifo and group: writes wait parked in this worker's line, the worker waits in the
// line of all workers, and its turn commits one of them or a batch. The loop goes on serving
// meanwhile. Reads never wait for a turn.
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
  void Withdraw(Job& job) override;
  void OnTurnEnd() override;

 private:
  // idle -> waiting (in line) -> holding (the turn is ours, but a foreign lock or readers keep us
  // waiting) -> idle. An uncontended turn goes from idle to idle within one call.
  enum class State { kIdle, kWaiting, kHolding };

  void Pump();
  void GetInLine();
  bool TakeTurn();
  void Execute();
  [[nodiscard]] WriteBatch::Result RunNextBatch(TimePoint now);
  [[nodiscard]] std::vector<Job*> TakeNextBatch(TimePoint now);
  WriteBatch::End Settle(const WriteBatch::Result& result);
  void EndTurn();
  void HoldOn();
  void OnWake();
  void OnTimer();
  void TryCommitAgain();
  void DropExpired();
  void AnswerAll();
  void ServeParkedReads();

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
  bool accepting_ = false;         // a wake-up for ourselves needs no eventfd
  std::deque<Job*> pending_;       // oldest first
  TimePoint commit_deadline_{};    // for a COMMIT that readers keep waiting
  unsigned attempts_ = 0;          // of this turn at a lock held outside the queue
  std::deque<Job*> answers_;       // committed or failed, to be sent after the turn
  std::deque<Job*> parked_reads_;  // came while a transaction was open
};

}  // namespace sqlicorn
