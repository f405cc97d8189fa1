// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/ipc/worker_counters.h"
#include "worker/sqlite/sql_status.h"

namespace sqlicorn {

// A request was refused or failed for another reason than a lock: counts it by cause.
void CountFailure(const SqlStatus& status,
                  std::array<std::atomic<std::uint64_t>, kFailureCauses>& counters);

// SQLite has said that the database is locked: counts it by cause. REQUIRES: status.busy().
void CountLocked(const SqlStatus& status, LockCounters& counters);

}  // namespace sqlicorn
