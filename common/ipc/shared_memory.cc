// SPDX-License-Identifier: MIT
#include "common/ipc/shared_memory.h"

#include <sys/mman.h>

#include <cerrno>

namespace sqlicorn {

Result<SharedMemory> SharedMemory::Create(std::size_t bytes) {
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) {
    return SystemError("cannot map shared memory", errno);
  }
  return SharedMemory(data, bytes);
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) {
    munmap(data_, bytes_);
  }
}

}  // namespace sqlicorn
