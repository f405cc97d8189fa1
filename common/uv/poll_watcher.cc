// SPDX-License-Identifier: MIT
#include "common/uv/poll_watcher.h"

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

}  // namespace sqlicorn
