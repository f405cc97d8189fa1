// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "master/fleet/server_status.h"

// How writes wait, hold and fare, as data of the `show` commands. Times are in milliseconds, and
// null where nothing was measured: no turns without fifo or group, no waits where SQLite waits.
namespace sqlicorn {

// To `stats`, since the master started: "writes", "turns", "batches", "batch_p50", "batch_p99",
// "wait_p50_ms", "wait_p99_ms", "hold_p50_ms", "hold_p99_ms", "foreign_waits", "foreign_ms",
// "revocations", "locked": {"busy", "snapshot", "recovery", "timeout"}. The same of every living
// worker in two lists, "writers" and "locks" (there "locked_busy" and so on). "endpoints":
// [{"endpoint", "requests", "busy_answers", "wait_p50_ms", "wait_p99_ms"}].
void AddWriteStats(const ServerStatus& status, nlohmann::ordered_json* stats);

// {"histograms": [{"name", "value", "count"}], "count"}: what the percentiles are taken from, since
// the master started. Names: wait_us, hold_us, batch. Two looks can be subtracted.
[[nodiscard]] nlohmann::ordered_json HistogramsAsJson(const ServerStatus& status);

}  // namespace sqlicorn
