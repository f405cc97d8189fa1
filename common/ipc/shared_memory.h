// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

// Zeroed memory that every process forked afterwards shares. Made by the master before its first
// fork; holds no pointers, only lock-free atomics of fixed width.
class SharedMemory {
 public:
  [[nodiscard]] static Result<SharedMemory> Create(std::size_t bytes);
  ~SharedMemory();

  SharedMemory(SharedMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  SharedMemory& operator=(SharedMemory&&) = delete;

  [[nodiscard]] void* data() const { return data_; }

 private:
  SharedMemory(void* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

  void* data_;
  std::size_t bytes_;
};

// Called before every access to a SharedWord. Tests that reorder, stop or kill processes between
// two accesses build the code under test with SQLICORN_STEPS and define it.
#ifdef SQLICORN_STEPS
void OnStep();
#else
inline void OnStep() {}
#endif

// One lock-free variable of a protocol between processes, in shared memory. All accesses of all
// SharedWords happen in one order that every process agrees on.
template <typename T>
class SharedWord {
  static_assert(std::atomic<T>::is_always_lock_free);

 public:
  [[nodiscard]] T Load() const {
    OnStep();
    return value_.load();
  }

  void Store(T value) {
    OnStep();
    value_.store(value);
  }

  // Adds one; returns the sum.
  T Increment() {
    OnStep();
    return ++value_;
  }

  // False, and nothing is stored, when the value is no longer `expected`.
  bool Replace(T expected, T desired) {
    OnStep();
    return value_.compare_exchange_strong(expected, desired);
  }

 private:
  std::atomic<T> value_{};
};

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
