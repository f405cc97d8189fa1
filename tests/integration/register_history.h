// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sqlicorn {

// One operation of a client on a register: a place that holds one value, 0 in the beginning. Each
// value is written once.
struct RegisterOp {
  enum class Kind { kRead, kWrite };

  // Of an operation whose answer never came.
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  Kind kind;
  std::int64_t value;
  std::int64_t began;  // instants of one clock
  std::int64_t ended;
};

// What cannot have happened: "" when there is an order of the operations, each at one instant
// between its beginning and its end, in which every read returns what was written last before it
// (the register is linearizable). Complete: an order is found where there is one, in the time it
// takes to sort (Gibbons and Korach, Testing Shared Memories, 1997).
[[nodiscard]] std::string FindViolation(const std::vector<RegisterOp>& history);

}  // namespace sqlicorn
