// SPDX-License-Identifier: MIT
#include "tests/ipc/steps.h"

#include <utility>

namespace sqlicorn {
namespace {

std::function<void()> step_hook;

// An access within is no step.
class Aside {
 public:
  Aside() : hook_(std::exchange(step_hook, nullptr)) {}

  ~Aside() { step_hook = std::move(hook_); }

  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

 private:
  std::function<void()> hook_;
};

}  // namespace

void OnStep() {
  if (step_hook) {
    step_hook();
  }
}

void SetStepHook(std::function<void()> hook) {
  step_hook = std::move(hook);
}

WriteQueueProbe::Owner WriteQueueProbe::owner() const {
  const Aside aside;
  const std::uint64_t word = state_.owner_.Load();
  return word == 0 ? Owner{}
                   : Owner{.ticket = word >> 13U,
                           .slot = static_cast<std::size_t>(word & 0xFFFU) - 1,
                           .held = (word >> 12U & 1U) != 0};
}

std::uint64_t WriteQueueProbe::ticket(std::size_t slot) const {
  const Aside aside;
  return state_.slots(slot + 1)[slot].ticket.Load();
}

bool WriteQueueProbe::suspended(std::size_t slot) const {
  const Aside aside;
  return state_.slots(slot + 1)[slot].suspended.Load() != 0;
}

}  // namespace sqlicorn
