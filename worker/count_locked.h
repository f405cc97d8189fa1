// SPDX-License-Identifier: MIT
#pragma once

#include "common/ipc/worker_counters.h"
#include "worker/sqlite/sql_status.h"

namespace sqlicorn {

// SQLite has said that the database is locked: counts it by cause. REQUIRES: status.busy().
void CountLocked(const SqlStatus& status, LockCounters& counters);

}  // namespace sqlicorn
