// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "common/ipc/doorbell.h"
#include "worker/sqlite/connection.h"
#include "worker/wal/checkpoint_policy.h"

namespace sqlicorn {

// Says once that the write-ahead log is far longer than it should be, and again only after it has
// been short in between.
class WalAlarm {
 public:
  explicit WalAlarm(const CheckpointPolicy& policy) : policy_(policy) {}

  // `pages` is its length after a checkpoint.
  void Observe(int pages);

 private:
  [[nodiscard]] bool IsDue(int pages);

  const CheckpointPolicy policy_;
  bool said_ = false;
};

// Keeps the write-ahead log of a worker's connection short, in place of SQLite: wakes the
// checkpointer, or makes the checkpoint at the end of the COMMIT that made the log too long. That
// one is within the turn of schedulers with a line, so two of them never meet.
class WalGuard {
 public:
  // `checkpointer` is rung when the policy says apart; null: there is none. All outlive the guard.
  WalGuard(Connection& connection, const CheckpointPolicy& policy, const Doorbell* checkpointer);
  ~WalGuard();
  WalGuard(const WalGuard&) = delete;
  WalGuard& operator=(const WalGuard&) = delete;

  // A checkpoint of ours failed in a way that SqlStatus::leaves_doubt.
  [[nodiscard]] bool in_doubt() const { return in_doubt_; }

 private:
  void OnGrowth(int pages);
  void Checkpoint();

  Connection& connection_;
  const Doorbell* const checkpointer_;
  const std::int64_t in_turn_from_;  // pages
  const int ring_from_;
  WalAlarm alarm_;
  bool failing_ = false;
  bool in_doubt_ = false;
};

}  // namespace sqlicorn
