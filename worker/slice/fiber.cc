// SPDX-License-Identifier: MIT
#include "worker/slice/fiber.h"

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace sqlicorn {
namespace {

// A sanitizer has to hear of each switch, or takes the other stack for a fault.
class SanitizerView {
 public:
  SanitizerView(void* stack, std::size_t bytes) : stack_(stack), bytes_(bytes) {
#ifdef __SANITIZE_THREAD__
    fiber_ = __tsan_create_fiber(0);
#endif
  }

  ~SanitizerView() {
#ifdef __SANITIZE_THREAD__
    __tsan_destroy_fiber(fiber_);
#endif
  }

  SanitizerView(const SanitizerView&) = delete;
  SanitizerView& operator=(const SanitizerView&) = delete;

  void BeforeIn() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&callers_fake_, stack_, bytes_);
#endif
#ifdef __SANITIZE_THREAD__
    caller_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber_, 0);
#endif
  }

  // On the caller's stack again.
  void AfterIn() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(callers_fake_, nullptr, nullptr);
#endif
  }

  void BeforeOut() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&own_fake_, callers_stack_, callers_bytes_);
#endif
#ifdef __SANITIZE_THREAD__
    __tsan_switch_to_fiber(caller_, 0);
#endif
  }

  // On the fiber's stack, for the first time or again.
  void AfterOut() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(own_fake_, &callers_stack_, &callers_bytes_);
#endif
  }

 private:
  [[maybe_unused]] void* stack_;
  [[maybe_unused]] std::size_t bytes_;
  [[maybe_unused]] void* callers_fake_ = nullptr;
  [[maybe_unused]] void* own_fake_ = nullptr;
  [[maybe_unused]] const void* callers_stack_ = nullptr;
  [[maybe_unused]] std::size_t callers_bytes_ = 0;
  [[maybe_unused]] void* fiber_ = nullptr;
  [[maybe_unused]] void* caller_ = nullptr;
};

std::size_t GuardBytes() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Fiber::Context {
  explicit Context(char* memory) : memory_(memory), view(stack(), kStackBytes) {}

  ~Context() { munmap(memory_, GuardBytes() + kStackBytes); }

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] char* stack() const { return memory_ + GuardBytes(); }

  char* const memory_;
  ucontext_t own{};
  ucontext_t caller{};
  SanitizerView view;
};

Result<std::unique_ptr<Fiber>> Fiber::Make() {
  const std::size_t bytes = GuardBytes() + kStackBytes;
  void* const memory = mmap(nullptr, bytes, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return SystemError("no memory for a stack", errno);
  }
  auto context = std::make_unique<Context>(static_cast<char*>(memory));
  if (mprotect(context->stack(), kStackBytes, PROT_READ | PROT_WRITE) != 0 ||
      getcontext(&context->own) != 0) {
    return SystemError("no memory for a stack", errno);
  }
  return std::unique_ptr<Fiber>(new Fiber(std::move(context)));
}

// makecontext hands over integers only, of which two hold a pointer.
Fiber::Fiber(std::unique_ptr<Context> context) : context_(std::move(context)) {
  context_->own.uc_stack.ss_sp = context_->stack();
  context_->own.uc_stack.ss_size = kStackBytes;
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  makecontext(&context_->own, reinterpret_cast<void (*)()>(&Fiber::Enter), 2,
              static_cast<unsigned>(self >> 16U >> 16U), static_cast<unsigned>(self));
}

Fiber::~Fiber() {
  CHECK(at_rest_);
}

// The first switch to the fiber begins here, every later one in SwitchOut: it never ends.
void Fiber::Enter(unsigned high, unsigned low) noexcept {
  auto* const self =
      reinterpret_cast<Fiber*>(static_cast<std::uintptr_t>(high) << 16U << 16U | low);
  self->context_->view.AfterOut();
  for (;;) {
    self->body_();
    self->at_rest_ = true;
    self->SwitchOut();
  }
}

void Fiber::Run(std::function<void()> body) {
  CHECK(at_rest_);
  body_ = std::move(body);
  at_rest_ = false;
  SwitchIn();
}

void Fiber::Resume() {
  CHECK(!at_rest_);
  SwitchIn();
}

void Fiber::Suspend() {
  SwitchOut();
}

void Fiber::SwitchIn() {
  context_->view.BeforeIn();
  swapcontext(&context_->caller, &context_->own);
  context_->view.AfterIn();
}

void Fiber::SwitchOut() {
  context_->view.BeforeOut();
  swapcontext(&context_->own, &context_->caller);
  context_->view.AfterOut();
}

}  // namespace sqlicorn
