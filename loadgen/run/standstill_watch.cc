// SPDX-License-Identifier: MIT
#include "loadgen/run/standstill_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "loadgen/stats/machine.h"
#include "loadgen/stats/machine_watch.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kBeat = std::chrono::milliseconds(50);

// A shorter one no report would show.
constexpr Duration kLeastStandstill = std::chrono::milliseconds(250);

}  // namespace

Duration StandstillIn(Duration late, double busy_s) {
  const Duration still = late - FromSeconds(busy_s);
  return still >= kLeastStandstill ? still : Duration::zero();
}

StandstillWatch::StandstillWatch(Loop& loop, std::function<void()> on_standstill)
    : on_standstill_(std::move(on_standstill)),
      schedstat_(open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC)),
      timer_(loop, [this] { Beat(); }) {}

void StandstillWatch::Begin() {
  longest_ = Duration::zero();
  last_ = LookNow();
  timer_.Start(kBeat, kBeat);
}

void StandstillWatch::End() {
  if (timer_.active()) {
    Beat();  // the end may have come before one that was due
  }
  timer_.Stop();
}

StandstillWatch::Look StandstillWatch::LookNow() const {
  std::array<char, 128> buffer{};
  const ssize_t size = pread(schedstat_.get(), buffer.data(), buffer.size(), 0);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return {Clock::now(), CpuSeconds(), ParseRunQueueWait(text)};
}

void StandstillWatch::Beat() {
  const Look now = LookNow();
  const Look last = std::exchange(last_, now);
  if (!now.waited_s || !last.waited_s) {
    return;
  }
  const double busy_s = now.used_s - last.used_s + *now.waited_s - *last.waited_s;
  const Duration still = StandstillIn(now.at - last.at - kBeat, busy_s);
  if (still > Duration::zero()) {
    longest_ = std::max(longest_, still);
    on_standstill_();
  }
}

}  // namespace sqlicorn::loadgen
