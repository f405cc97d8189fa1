// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/config/server_config.h"

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

// Apart where checkpoint and commit of different processes may meet (HasWalResetBug) and writers
// wait in line, where a checkpoint within a turn would make all of them wait.
[[nodiscard]] CheckpointPolicy CheckpointPolicyOf(const DatabaseSettings& settings,
                                                  int library_version);

// What a connection is set to: the configured pragmas, and `wal_autocheckpoint` where the policy
// has a length of its own.
[[nodiscard]] std::vector<PragmaSpec> PragmasInForce(const DatabaseSettings& settings,
                                                     int library_version);

}  // namespace sqlicorn
