// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace sqlicorn {

// Adds to a counter that only this process writes: a plain store, no locked instruction.
template <typename T>
void Bump(std::atomic<T>& counter, T by = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

// More than anybody can have counted: in microseconds, 35 years.
constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 50U;

// What a counter in shared memory says, where any process may have written anything; 0 when it
// cannot be a count.
constexpr std::uint64_t JudgedCount(std::uint64_t word) {
  return word <= kMostCounted ? word : 0;
}

inline std::uint64_t ReadCount(const std::atomic<std::uint64_t>& counter) {
  return JudgedCount(counter.load(std::memory_order_relaxed));
}

}  // namespace sqlicorn
