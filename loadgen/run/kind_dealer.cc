// SPDX-License-Identifier: MIT
#include "loadgen/run/kind_dealer.h"

#include <algorithm>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

KindDealer::KindDealer(const std::vector<UserKind>& kinds) {
  const bool weighted = std::any_of(kinds.begin(), kinds.end(), [](const UserKind& kind) {
    return !kind.count && kind.weight > 0;
  });
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::uint32_t fixed = kinds[i].count.value_or(0);
    dealt_.insert(dealt_.end(), fixed, i);
    shares_.push_back(
        {weighted && kinds[i].count ? 0.0 : kinds[i].count.value_or(kinds[i].weight)});
  }
  CHECK(weighted || !dealt_.empty());
}

std::size_t KindDealer::KindOf(std::size_t user) {
  while (dealt_.size() <= user) {
    DealOne();
  }
  return dealt_[user];
}

std::vector<std::uint32_t> KindDealer::Counts(std::size_t users) {
  std::vector<std::uint32_t> counts(shares_.size());
  for (std::size_t user = 0; user < users; ++user) {
    ++counts[KindOf(user)];
  }
  return counts;
}

void KindDealer::DealOne() {
  const auto claim = [](const Share& share) { return share.weight / (2 * share.dealt + 1); };
  const auto next =
      std::max_element(shares_.begin(), shares_.end(),
                       [&](const Share& a, const Share& b) { return claim(a) < claim(b); });
  next->dealt += 1;
  dealt_.push_back(static_cast<std::size_t>(next - shares_.begin()));
}

}  // namespace sqlicorn::loadgen
