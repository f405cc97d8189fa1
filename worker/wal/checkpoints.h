// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "common/config/server_config.h"
#include "common/ipc/doorbell.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

// When the write-ahead log is copied back into the database, and by whom.
struct CheckpointPolicy {
  // Up to this length of the log a checkpointer of its own is left to do it, then a commit does it
  // too: a log that is written to without a pause never gets shorter.
  static constexpr int kInTurnFactor = 4;
  // A log so much longer than configured, or than SQLite's own length, is kept by somebody who
  // reads.
  static constexpr int kStarvedFactor = 8;

  // Where all who write wait for the one that makes it: a quarter of SQLite's 1000 halves the
  // longest wait at moderate load and costs nothing when every commit is flushed.
  static constexpr int kPagesWithinATurn = 250;

  int pages = 1000;  // the wanted length: wal_autocheckpoint; 0 = never a checkpoint
  int starved_pages = kStarvedFactor * 1000;
  bool apart = false;  // by a process of its own, not at the end of a COMMIT
};

// Apart where that is safe, as a checkpoint then meets the commits of other processes
// (HasWalResetBug), and where writers wait in line, so that one within a turn makes all of them
// wait.
[[nodiscard]] CheckpointPolicy CheckpointPolicyOf(const DatabaseSettings& settings,
                                                  int library_version);

// What a connection is set to: the configured pragmas, and `wal_autocheckpoint` where the policy
// has a length of its own.
[[nodiscard]] std::vector<PragmaSpec> PragmasInForce(const DatabaseSettings& settings,
                                                     int library_version);

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
