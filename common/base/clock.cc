// SPDX-License-Identifier: MIT
#include "common/base/clock.h"

namespace sqlicorn {

std::int64_t MonotonicUs() {
  const auto since_epoch = Clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

}  // namespace sqlicorn
