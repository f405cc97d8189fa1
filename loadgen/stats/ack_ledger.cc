// SPDX-License-Identifier: MIT
#include "loadgen/stats/ack_ledger.h"

#include <algorithm>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

std::uint64_t AckLedger::Issue() {
  fates_.push_back(Fate::kUnanswered);
  return fates_.size();
}

void AckLedger::Settle(std::uint64_t id, Fate fate) {
  CHECK(id >= 1 && id <= fates_.size());
  fates_[id - 1] = fate;
}

std::uint64_t AckLedger::Count(Fate fate) const {
  return static_cast<std::uint64_t>(std::count(fates_.begin(), fates_.end(), fate));
}

std::vector<std::uint64_t> AckLedger::Ids(Fate fate) const {
  std::vector<std::uint64_t> ids;
  for (std::uint64_t id = 1; id <= fates_.size(); ++id) {
    if (fates_[id - 1] == fate) {
      ids.push_back(id);
    }
  }
  return ids;
}

}  // namespace sqlicorn::loadgen
