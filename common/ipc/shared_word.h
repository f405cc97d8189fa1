// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace sqlicorn {

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

}  // namespace sqlicorn
