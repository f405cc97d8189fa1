// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "common/ipc/write_queue.h"

namespace sqlicorn {

// What the thread does before each access to shared memory; none at first.
void SetStepHook(std::function<void()> hook);

// Sees every word of a queue, without a step.
class WriteQueueProbe {
 public:
  explicit WriteQueueProbe(WriteQueueState& state) : state_(state) {}

  struct Owner {
    std::uint64_t ticket = 0;  // 0 = nobody
    std::size_t slot = 0;
    bool held = false;

    bool operator==(const Owner&) const = default;
  };

  [[nodiscard]] Owner owner() const;
  [[nodiscard]] std::uint64_t ticket(std::size_t slot) const;
  [[nodiscard]] bool suspended(std::size_t slot) const;

 private:
  WriteQueueState& state_;
};

}  // namespace sqlicorn
