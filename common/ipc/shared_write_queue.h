// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/ipc/shared_memory.h"
#include "common/ipc/write_queue.h"

namespace sqlicorn {

// The memory of the write queue and one eventfd per worker slot, made by the master before its
// first fork and inherited by every worker.
class SharedWriteQueue {
 public:
  [[nodiscard]] static Result<SharedWriteQueue> Create(std::size_t slots);

  [[nodiscard]] WriteQueueState& state() const;

  [[nodiscard]] std::size_t slots() const { return event_fds_.size(); }

  // Readable when that worker should look at the queue.
  [[nodiscard]] int event_fd(std::size_t slot) const { return event_fds_.at(slot).get(); }

  // Makes event_fd(slot) readable; from any process.
  void Wake(std::size_t slot) const;

  // Makes it unreadable again. Called by the worker of the slot.
  void ClearWake(std::size_t slot) const;

 private:
  SharedWriteQueue(SharedMemory memory, std::vector<UniqueFd> event_fds)
      : memory_(std::move(memory)), event_fds_(std::move(event_fds)) {}

  SharedMemory memory_;
  std::vector<UniqueFd> event_fds_;
};

}  // namespace sqlicorn
