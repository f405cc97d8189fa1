// SPDX-License-Identifier: MIT
#include "worker/turn/count_locked.h"

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

FailureCause FailureOf(std::string_view name) {
  struct Row {
    std::string_view prefix;
    FailureCause cause;
  };

  static constexpr Row kRows[] = {
      {"SQLITE_FULL", FailureCause::kFull},
      {"SQLITE_IOERR", FailureCause::kIo},
      {"SQLITE_READONLY", FailureCause::kReadOnly},
      {"SQLITE_CANTOPEN", FailureCause::kCannotOpen},
      {"SQLITE_CORRUPT", FailureCause::kCorrupt},
      {"SQLITE_NOTADB", FailureCause::kCorrupt},
      {"SQLITE_NOMEM", FailureCause::kMemory},
      {"SQLITE_CONSTRAINT", FailureCause::kConstraint},
  };
  for (const Row& row : kRows) {
    if (name.starts_with(row.prefix)) {
      return row.cause;
    }
  }
  return FailureCause::kOther;
}

}  // namespace

void CountFailure(const SqlStatus& status,
                  std::array<std::atomic<std::uint64_t>, kFailureCauses>& counters) {
  Bump(counters[static_cast<std::size_t>(FailureOf(status.name()))]);
}

void CountLocked(const SqlStatus& status, LockCounters& counters) {
  Bump(counters[static_cast<std::size_t>(CauseOf(status.name()))]);
}

}  // namespace sqlicorn
