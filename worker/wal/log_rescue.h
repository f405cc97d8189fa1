// SPDX-License-Identifier: MIT
#pragma once

#include "worker/sqlite/connection.h"

namespace sqlicorn {

// Copies a log that has been removed from its place into the database, as long as this process has
// it open: what was acknowledged is in it. SQLite's last connection to close would do that too, but
// of two that close at once neither is the last.
class LogRescue {
 public:
  // `connection` outlives it.
  explicit LogRescue(Connection& connection) : connection_(connection) {}

  // Looks at the place of the database; called at each tick. From the second one on that finds the
  // log gone, when all workers refuse writes, it is copied.
  void Look();

  // Before the connection is closed. Tries for a moment, and says so when a reader keeps a part of
  // the log from being copied.
  void Finish();

 private:
  [[nodiscard]] bool Copied();

  Connection& connection_;
  bool lost_ = false;  // at the last Look
  int pages_ = 0;
  int left_ = 0;
};

}  // namespace sqlicorn
