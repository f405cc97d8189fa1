// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace sqlicorn {

// Ownership of a libuv handle. Rules of this room:
// - A handle's memory outlives its owner: the deleter clears `data`, calls uv_close, and the close
//   callback frees. A callback that finds `data` empty has lost its owner and does nothing.
// - A callback finds its object in `data`, calls one method and touches nothing after: the method
//   may destroy the object.
// - The loop outlives every handle on it.
struct CloseHandle {
  void operator()(void* handle) const noexcept;
};

template <typename T>
using Handle = std::unique_ptr<T, CloseHandle>;

}  // namespace sqlicorn
