// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <vector>

#include "common/base/clock.h"

struct uv_loop_s;

namespace sqlicorn {

// One event loop, owned by the process that runs it; never carried across a fork. A process with a
// loop ignores SIGPIPE. The destructor finishes pending closes and CHECKs that no handle is left,
// so every test is a leak test.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Returns after Stop, or when no active handle is left.
  void Run();
  void Stop();

  // The loop's idea of now, refreshed once per round: it looks for events and serves
  // them all.
  [[nodiscard]] TimePoint now() const;

  // Takes the current time anew after work that held the loop.
  void UpdateTime();

  // For this room only: the libuv loop, and the buffer all its streams read into (what a stream
  // hands to its listener is valid during that call).
  [[nodiscard]] uv_loop_s* raw() { return loop_.get(); }

  [[nodiscard]] std::vector<char>& read_buffer() { return read_buffer_; }

 private:
  struct Free {
    void operator()(uv_loop_s* loop) const noexcept;
  };

  std::unique_ptr<uv_loop_s, Free> loop_;
  std::vector<char> read_buffer_;
};

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

// Memory for a libuv handle, which is a C struct: taken with malloc because the close callback,
// which no longer knows the type, frees it. `init` is one of the uv_…_init functions and cannot
// fail for the handles of this room.
template <typename T, typename Init>
Handle<T> MakeHandle(void* owner, Init init) {
  auto* handle = static_cast<T*>(std::calloc(1, sizeof(T)));
  if (handle == nullptr) {
    std::abort();
  }
  init(handle);
  handle->data = owner;
  return Handle<T>(handle);
}

}  // namespace sqlicorn
