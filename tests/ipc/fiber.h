// SPDX-License-Identifier: MIT
#pragma once

#include <ucontext.h>

#include <functional>
#include <memory>

namespace sqlicorn {

// A function that can be left in its middle and continued: a simulated process. One that is
// destroyed there is not unwound, as a killed process is not.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs it until its next Pause or its end. Not from within a fiber.
  void Continue();

  // Back to whoever called Continue. From within a fiber.
  static void Pause();

 private:
  static void Enter();

  std::function<void()> body_;
  std::unique_ptr<char[]> stack_;
  ucontext_t context_{};
};

}  // namespace sqlicorn
