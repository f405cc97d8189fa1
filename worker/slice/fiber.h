// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "common/base/result.h"

namespace sqlicorn {

// A stack of its own for work that goes back to the loop in the middle and on later, without a
// thread. Lives on the loop's thread, which is on one stack at a time: whoever calls Run or Resume
// goes on when the body suspends or returns. A body that is suspended when its fiber is destroyed
// would leak what is on its stack, so that is a bug of ours.
//
// By ucontext, whose switch makes two system calls (of the signal mask): with two switches in a
// slice of a millisecond that is not felt, and the C library knows of shadow stacks.
class Fiber {
 public:
  // What SQLite needs: its parser and its expressions go 1,000 levels deep. Only pages that were
  // touched take memory, and below the lowest is one that must not be.
  static constexpr std::size_t kStackBytes = 1U << 20U;

  // An error where there is no memory for a stack.
  [[nodiscard]] static Result<std::unique_ptr<Fiber>> Make();

  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs the body on the fiber. REQUIRES: at_rest; not called from a fiber.
  void Run(std::function<void()> body);

  // Goes on where the body has suspended. REQUIRES: it has; not called from a fiber.
  void Resume();

  // Called by the body: back to whoever has called Run or Resume.
  void Suspend();

  // No body is under way.
  [[nodiscard]] bool at_rest() const { return at_rest_; }

 private:
  struct Context;

  explicit Fiber(std::unique_ptr<Context> context);

  static void Enter(unsigned high, unsigned low) noexcept;
  void SwitchIn();
  void SwitchOut();

  std::unique_ptr<Context> context_;
  std::function<void()> body_;
  bool at_rest_ = true;
};

}  // namespace sqlicorn
