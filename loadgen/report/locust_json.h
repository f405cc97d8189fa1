// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

// What locust's --json writes: an object for each endpoint with a request, in the order of their
// first answers, with locust's names and its rounded times. Ends with a newline.
[[nodiscard]] std::string LocustJson(const RunStats& stats);

// The file of locust's --json-file: `name` with ".json", which it appends always, unless it is
// there or names what is no regular file, such as /dev/null.
[[nodiscard]] std::string LocustJsonPath(const std::string& name);

}  // namespace sqlicorn::loadgen
