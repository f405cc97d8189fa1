// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

// Zeroed memory that every process forked afterwards shares. Made by the master before its first
// fork; holds no pointers, only lock-free atomics of fixed width.
class SharedMemory {
 public:
  [[nodiscard]] static Result<SharedMemory> Create(std::size_t bytes);
  ~SharedMemory();

  SharedMemory(SharedMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  SharedMemory& operator=(SharedMemory&&) = delete;

  [[nodiscard]] void* data() const { return data_; }

 private:
  SharedMemory(void* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

  void* data_;
  std::size_t bytes_;
};

}  // namespace sqlicorn
