// SPDX-License-Identifier: MIT
#include "worker/request/heartbeat.h"

#include <cstdint>

namespace sqlicorn {
namespace {

constexpr std::int64_t kOftenUs = 50000;

}  // namespace

void Heartbeat::Beat() {
  slot_.beat_us = MonotonicUs();
}

void Heartbeat::BeatAfterWork() {
  if (slot_.beat_us.load(std::memory_order_relaxed) < MonotonicUs() - kOftenUs) {
    Beat();
  }
}

}  // namespace sqlicorn
