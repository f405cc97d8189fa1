// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "master/fleet/server_status.h"

namespace sqlicorn {

// A look at the server as the data of the `show` commands. Durations are in seconds.

// {"workers": [{"pid", "slot", "ordinal", "age", "generation", "state", "connections", "requests",
// "busy_answers", "heartbeat_age"}], "count"}, oldest first; state: booting, ready, hung, stopping.
[[nodiscard]] nlohmann::ordered_json WorkersAsJson(const ServerStatus& status);

// Flat: counts since the master started, of workers that have ended too; and AddWriteStats.
[[nodiscard]] nlohmann::ordered_json StatsAsJson(const ServerStatus& status);

// {"server": {…}, "database": {…}} of the serving generation; statements and endpoints are not
// told.
[[nodiscard]] nlohmann::ordered_json ConfigAsJson(const ServerStatus& status);

// {"listeners": [{"address", "fd", "type"}], "count"}
[[nodiscard]] nlohmann::ordered_json ListenersAsJson(const ServerStatus& status);

}  // namespace sqlicorn
