// SPDX-License-Identifier: MIT
#include "worker/turn/turn_meter.h"

#include "common/ipc/bump.h"

namespace sqlicorn {

void TurnMeter::Begin(std::int64_t now_us) {
  since_us_ = now_us;
  foreign_since_us_ = 0;
}

void TurnMeter::MeetForeignLock(std::int64_t now_us) {
  if (foreign_since_us_ == 0) {
    foreign_since_us_ = now_us;
    counters_.foreign_since_us.store(now_us, std::memory_order_relaxed);
  }
}

void TurnMeter::End(std::int64_t now_us) {
  counters_.hold_us.Record(static_cast<std::uint64_t>(now_us - since_us_));
  if (foreign_since_us_ != 0) {
    Bump(counters_.foreign_waits);
    counters_.foreign_since_us.store(0, std::memory_order_relaxed);
    Bump(counters_.foreign_us, static_cast<std::uint64_t>(now_us - foreign_since_us_));
  }
}

}  // namespace sqlicorn
