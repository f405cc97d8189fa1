// SPDX-License-Identifier: MIT
#include "common/ipc/shared_write_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <new>
#include <utility>

namespace sqlicorn {

Result<SharedWriteQueue> SharedWriteQueue::Create(std::size_t slots) {
  auto memory = SharedMemory::Create(WriteQueueState::Bytes(slots));
  if (!memory) {
    return memory.error();
  }
  std::vector<UniqueFd> event_fds;
  for (std::size_t i = 0; i < slots; ++i) {
    UniqueFd& fd = event_fds.emplace_back(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!fd) {
      return SystemError("eventfd", errno);
    }
  }
  new (memory->data()) WriteQueueState(slots);
  return SharedWriteQueue(std::move(*memory), std::move(event_fds));
}

WriteQueueState& SharedWriteQueue::state() const {
  return *static_cast<WriteQueueState*>(memory_.data());
}

void SharedWriteQueue::Wake(std::size_t slot) const {
  const std::uint64_t one = 1;
  // EAGAIN means the counter is full, so the worker has been told.
  [[maybe_unused]] const ssize_t written = write(event_fd(slot), &one, sizeof(one));
}

void SharedWriteQueue::ClearWake(std::size_t slot) const {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(event_fd(slot), &count, sizeof(count));
}

}  // namespace sqlicorn
