// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace sqlicorn {

// Adds to a counter that only this process writes: a plain store, no locked instruction.
template <typename T>
void Bump(std::atomic<T>& counter, T by = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace sqlicorn
