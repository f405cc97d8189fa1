// SPDX-License-Identifier: MIT
#include "common/uv/loop.h"

#include <csignal>
#include <cstdlib>

#include <uv.h>

#include "common/base/result.h"

namespace sqlicorn {

void CloseHandle::operator()(void* handle) const noexcept {
  auto* base = static_cast<uv_handle_t*>(handle);
  base->data = nullptr;
  uv_close(base, [](uv_handle_t* closed) { std::free(closed); });
}

Loop::Loop() : loop_(new uv_loop_t), read_buffer_(65536) {
  CHECK(uv_loop_init(loop_.get()) == 0);
  // A peer that has gone is an error of one write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() = default;

void Loop::Free::operator()(uv_loop_s* loop) const noexcept {
  uv_run(loop, UV_RUN_DEFAULT);
  CHECK(uv_loop_close(loop) == 0);
  delete loop;
}

void Loop::Run() {
  uv_run(loop_.get(), UV_RUN_DEFAULT);
}

void Loop::Stop() {
  uv_stop(loop_.get());
}

TimePoint Loop::now() const {
  return TimePoint(std::chrono::milliseconds(uv_now(loop_.get())));
}

void Loop::UpdateTime() {
  uv_update_time(loop_.get());
}

}  // namespace sqlicorn
