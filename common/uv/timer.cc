// SPDX-License-Identifier: MIT
#include "common/uv/timer.h"

#include <utility>

#include <uv.h>

#include "common/uv/make_handle.h"

namespace sqlicorn {
namespace {

std::uint64_t ToMs(Duration duration) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return ms < 0 ? 0 : static_cast<std::uint64_t>(ms);
}

}  // namespace

Timer::Timer(Loop& loop, std::function<void()> callback)
    : timer_(MakeHandle<uv_timer_t>(this,
                                    [&](uv_timer_t* timer) { uv_timer_init(loop.raw(), timer); })),
      callback_(std::move(callback)) {}

void Timer::Start(Duration delay, Duration repeat) {
  uv_timer_start(
      timer_.get(),
      [](uv_timer_t* timer) noexcept {
        if (timer->data != nullptr) {
          // A copy: the callback may destroy the timer, and with it the function.
          const std::function<void()> callback = static_cast<Timer*>(timer->data)->callback_;
          callback();
        }
      },
      ToMs(delay), ToMs(repeat));
}

void Timer::Stop() {
  uv_timer_stop(timer_.get());
}

bool Timer::active() const {
  return uv_is_active(reinterpret_cast<const uv_handle_t*>(timer_.get())) != 0;
}

}  // namespace sqlicorn
