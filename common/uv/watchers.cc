// SPDX-License-Identifier: MIT
#include "common/uv/watchers.h"

#include <utility>

#include <uv.h>

#include "common/base/result.h"
#include "common/uv/loop.h"

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

RoundHook::RoundHook(Loop& loop, std::function<void()> callback)
    : prepare_(MakeHandle<uv_prepare_t>(
          this, [&](uv_prepare_t* prepare) { uv_prepare_init(loop.raw(), prepare); })),
      callback_(std::move(callback)) {
  uv_unref(reinterpret_cast<uv_handle_t*>(prepare_.get()));
  uv_prepare_start(prepare_.get(), [](uv_prepare_t* prepare) noexcept {
    if (prepare->data != nullptr) {
      static_cast<RoundHook*>(prepare->data)->callback_();
    }
  });
}

BusyHook::BusyHook(Loop& loop, std::function<void()> callback)
    : idle_(MakeHandle<uv_idle_t>(this, [&](uv_idle_t* idle) { uv_idle_init(loop.raw(), idle); })),
      callback_(std::move(callback)) {}

void BusyHook::Start() {
  uv_idle_start(idle_.get(), [](uv_idle_t* idle) noexcept {
    if (idle->data != nullptr) {
      static_cast<BusyHook*>(idle->data)->callback_();
    }
  });
}

void BusyHook::Stop() {
  uv_idle_stop(idle_.get());
}

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
