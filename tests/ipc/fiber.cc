// SPDX-License-Identifier: MIT
#include "tests/ipc/fiber.h"

#include <utility>

namespace sqlicorn {
namespace {

constexpr std::size_t kStackBytes = 96 * 1024;

Fiber* running = nullptr;
ucontext_t outside;

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)), stack_(new char[kStackBytes]) {
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack_.get();
  context_.uc_stack.ss_size = kStackBytes;
  context_.uc_link = &outside;
  makecontext(&context_, &Fiber::Enter, 0);
}

void Fiber::Enter() {
  running->body_();
}

void Fiber::Continue() {
  running = this;
  swapcontext(&outside, &context_);
  running = nullptr;
}

void Fiber::Pause() {
  swapcontext(&running->context_, &outside);
}

}  // namespace sqlicorn
