// SPDX-License-Identifier: MIT
#include "worker/wal/log_rescue.h"

#include <chrono>
#include <thread>
#include <utility>

#include "common/base/clock.h"
#include "common/base/log.h"

namespace sqlicorn {
namespace {

// How long the end of a worker waits for others who copy the same log, or read it.
constexpr Duration kPatience = std::chrono::milliseconds(500);

}  // namespace

// At the first look that finds it gone another worker may be in the middle of a commit to the log;
// by the next one, a tick later, all that run refuse to write, and what is copied is the whole of
// it. The looks of this worker's writes do not count: the first may be a moment ago.
void LogRescue::Look() {
  DatabasePlace& place = connection_.place();
  const bool lost = !place.Look().ok() && place.lost_log();
  if (std::exchange(lost_, lost) && lost) {
    static_cast<void>(Copied());
  }
}

void LogRescue::Finish() {
  if (!connection_.place().lost_log()) {
    return;
  }
  // What another program has put in the place of the log is not ours to remove.
  connection_.SkipCheckpointOnClose();
  const TimePoint deadline = Clock::now() + kPatience;
  while (!Copied()) {
    if (Clock::now() >= deadline) {
      LogError(
          "{} of {} pages of the log that was removed cannot be copied into the database, because "
          "another program reads them: let it end its transaction and close the database in good "
          "order, which copies them",
          left_, pages_);
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Through the descriptors of this process, which lead to the removed log still: SQLite opens
// nothing for a checkpoint. It is busy while another worker copies the same log, and the next try
// finds it copied.
bool LogRescue::Copied() {
  int copied = 0;
  const SqlStatus status = connection_.Checkpoint(&pages_, &copied);
  left_ = pages_ - copied;
  return status.ok() && left_ <= 0;
}

}  // namespace sqlicorn
