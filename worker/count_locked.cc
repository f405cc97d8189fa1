// SPDX-License-Identifier: MIT
#include "worker/count_locked.h"

#include <string_view>

#include "common/ipc/bump.h"

namespace sqlicorn {
namespace {

LockCause CauseOf(std::string_view name) {
  if (name == "SQLITE_BUSY_RECOVERY") {
    return LockCause::kRecovery;
  }
  if (name == "SQLITE_BUSY_SNAPSHOT") {
    return LockCause::kSnapshot;
  }
  return name == "SQLITE_BUSY_TIMEOUT" ? LockCause::kTimeout : LockCause::kBusy;
}

}  // namespace

void CountLocked(const SqlStatus& status, LockCounters& counters) {
  Bump(counters[static_cast<std::size_t>(CauseOf(status.name()))]);
}

}  // namespace sqlicorn
