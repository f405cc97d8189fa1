// SPDX-License-Identifier: MIT
#include "common/uv/watcher.h"

#include <utility>

#include <uv.h>

#include "common/base/check.h"
#include "common/uv/make_handle.h"

namespace sqlicorn {

PollWatcher::PollWatcher(Loop& loop, int fd, std::function<void()> on_readable)
    : poll_(MakeHandle<uv_poll_t>(
          this, [&](uv_poll_t* poll) { CHECK(uv_poll_init(loop.raw(), poll, fd) == 0); })),
      on_readable_(std::move(on_readable)) {}

void PollWatcher::Start() {
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* poll, int, int) noexcept {
    if (poll->data != nullptr) {
      static_cast<PollWatcher*>(poll->data)->on_readable_();
    }
  });
}

void PollWatcher::Stop() {
  uv_poll_stop(poll_.get());
}

SignalWatcher::SignalWatcher(Loop& loop, int signal, std::function<void()> callback)
    : signal_(MakeHandle<uv_signal_t>(
          this, [&](uv_signal_t* handle) { CHECK(uv_signal_init(loop.raw(), handle) == 0); })),
      callback_(std::move(callback)) {
  // A signal is no reason to keep a loop running that has nothing else to do.
  uv_unref(reinterpret_cast<uv_handle_t*>(signal_.get()));
  const int started = uv_signal_start(
      signal_.get(),
      [](uv_signal_t* handle, int) noexcept {
        if (handle->data != nullptr) {
          static_cast<SignalWatcher*>(handle->data)->callback_();
        }
      },
      signal);
  CHECK(started == 0);
}

}  // namespace sqlicorn
