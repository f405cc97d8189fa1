// SPDX-License-Identifier: MIT
#include "loadgen/stats/each_second.h"

#include <algorithm>

namespace sqlicorn::loadgen {

void EachSecond::Record(std::int64_t end_us, bool failed) {
  constexpr std::int64_t kUsPerSecond = 1'000'000;
  const std::int64_t second = end_us / kUsPerSecond;
  first_us_ = counts_.empty() ? end_us : std::min(first_us_, end_us);
  last_us_ = std::max(last_us_, end_us);
  // Nearly always the last one, or the one after it.
  auto place = counts_.end();
  while (place != counts_.begin() && (place - 1)->unix_s > second) {
    --place;
  }
  if (place == counts_.begin() || (place - 1)->unix_s != second) {
    place = counts_.insert(place, {second, 0, 0}) + 1;
  }
  ++(place - 1)->requests;
  (place - 1)->failures += failed ? 1 : 0;
}

}  // namespace sqlicorn::loadgen
