// SPDX-License-Identifier: MIT
#include "worker/turn/meters.h"

#include <string_view>

#include "common/ipc/shared_memory.h"

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
  // By the primary code's name, which begins those of its extended codes.
  for (const Row& row : kRows) {
    if (name.starts_with(row.prefix)) {
      return row.cause;
    }
  }
  return FailureCause::kOther;
}

}  // namespace

void TurnMeter::Begin(std::int64_t now_us) {
  since_us_ = now_us;
  foreign_since_us_ = 0;
}

// The instant goes to shared memory at once, and only the duration when the turn ends: whoever
// looks while a foreign program holds the lock has to see that this worker waits, and since when.
void TurnMeter::MeetForeignLock(std::int64_t now_us) {
  if (foreign_since_us_ == 0) {
    foreign_since_us_ = now_us;
    counters_.foreign_since_us.store(now_us, std::memory_order_relaxed);
  }
}

void TurnMeter::End(std::int64_t now_us) {
  counters_.hold_us.Record(static_cast<std::uint64_t>(now_us - since_us_));
  if (foreign_since_us_ != 0) {
    Bump(counters_.foreign_waits);
    counters_.foreign_since_us.store(0, std::memory_order_relaxed);
    Bump(counters_.foreign_us, static_cast<std::uint64_t>(now_us - foreign_since_us_));
  }
}

void CountFailure(const SqlStatus& status,
                  std::array<std::atomic<std::uint64_t>, kFailureCauses>& counters) {
  Bump(counters[static_cast<std::size_t>(FailureOf(status.name()))]);
}

void CountLocked(const SqlStatus& status, LockCounters& counters) {
  Bump(counters[static_cast<std::size_t>(CauseOf(status.name()))]);
}

}  // namespace sqlicorn
