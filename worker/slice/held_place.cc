// SPDX-License-Identifier: MIT
#include "worker/slice/held_place.h"

#include <fmt/format.h>

namespace sqlicorn {

bool GivesUpItsPlace(const PlaceFacts& facts) {
  const bool wanted = facts.waiting > 0 && facts.running < facts.most && !facts.room;
  return wanted && facts.silent_us >= kSilentUs;
}

Outcome GaveUpItsPlace() {
  return {OutcomeKind::kTimedOut,
          SqlStatus::Interrupted(fmt::format(
              "interrupted: its client had taken nothing for {} s, and other reads waited for its "
              "place (database.long_reads)",
              kSilentUs / 1000000))};
}

}  // namespace sqlicorn
