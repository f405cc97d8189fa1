// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// How often which value occurred, to the precision of the server: 6.25 %.
using ValueCounts = std::map<double, std::uint64_t>;

[[nodiscard]] std::uint64_t CountOf(const ValueCounts& counts);

// None when there are no values.
[[nodiscard]] std::optional<double> PercentileOf(const ValueCounts& counts, double percent);

// What a server has counted about its writes. Empty where its scheduler has no turns, or where the
// waiting is SQLite's.
struct WriteTurns {
  ValueCounts wait_us;  // of each write, until its transaction began
  ValueCounts hold_us;  // of each turn
  ValueCounts batch;    // requests in one transaction

  void Add(const WriteTurns& other);

  // What came after `before`, an earlier look at the same server.
  [[nodiscard]] WriteTurns Since(const WriteTurns& before) const;
};

// From the reply to `show histograms`.
[[nodiscard]] Result<WriteTurns> ParseWriteTurns(const std::string& reply);

}  // namespace sqlicorn::loadgen
