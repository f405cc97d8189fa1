// SPDX-License-Identifier: MIT
#include "common/uv/precise_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/base/result.h"

namespace sqlicorn {

PreciseTimer::PreciseTimer(Loop& loop, std::function<void()> callback)
    : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      callback_(std::move(callback)),
      watcher_(loop, fd_.get(), [this] {
        std::uint64_t expirations = 0;
        if (read(fd_.get(), &expirations, sizeof(expirations)) == sizeof(expirations)) {
          callback_();
        }
      }) {}

void PreciseTimer::StartAt(TimePoint when) {
  const auto since_epoch = std::chrono::nanoseconds(when.time_since_epoch());
  // Zero would stop it.
  const std::int64_t ns = std::max<std::int64_t>(since_epoch.count(), 1);
  itimerspec at{};
  at.it_value.tv_sec = ns / 1'000'000'000;
  at.it_value.tv_nsec = ns % 1'000'000'000;
  timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &at, nullptr);
  if (!std::exchange(watching_, true)) {
    watcher_.Start();
  }
}

void PreciseTimer::Stop() {
  const itimerspec never{};
  timerfd_settime(fd_.get(), 0, &never, nullptr);
  watcher_.Stop();
  watching_ = false;
}

}  // namespace sqlicorn
