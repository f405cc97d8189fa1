// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "loadgen/stats/locust_numbers.h"

namespace sqlicorn::loadgen {

// The content of locust's --csv files as Python's csv module writes it (CRLF, quotes only where
// needed).

[[nodiscard]] std::string StatsCsv(const LocustTable& table);
[[nodiscard]] std::string FailuresCsv(const LocustTable& table);

// There are no Python exceptions to list: the header alone.
[[nodiscard]] std::string ExceptionsCsv();

[[nodiscard]] std::string HistoryCsvHeader();

// One line of the history: a row with current rates at a second of unix time.
[[nodiscard]] std::string HistoryCsvLine(std::int64_t unix_s, std::uint32_t users,
                                         const LocustRow& row);

}  // namespace sqlicorn::loadgen
