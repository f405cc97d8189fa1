// SPDX-License-Identifier: MIT
#include "loadgen/run/kind_dealer.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Number = std::optional<std::uint32_t>;

std::string Deal(const std::vector<std::pair<std::uint32_t, Number>>& weights_and_counts,
                 std::size_t users) {
  std::vector<UserKind> kinds;
  for (const auto& [weight, count] : weights_and_counts) {
    kinds.emplace_back();
    kinds.back().weight = weight;
    kinds.back().count = count;
  }
  KindDealer dealer(kinds);
  std::string dealt;
  for (std::size_t user = 0; user < users; ++user) {
    dealt += static_cast<char>('A' + dealer.KindOf(user));
  }
  return dealt;
}

TEST(KindDealer, DealsByWeightAsEvenlyAsItCan) {
  EXPECT_EQ(Deal({{1, {}}}, 3), "AAA");
  EXPECT_EQ(Deal({{1, {}}, {1, {}}}, 5), "ABABA");
  EXPECT_EQ(Deal({{5, {}}, {1, {}}}, 12), "AAABAAAAABAA") << "as locust does";
  EXPECT_EQ(Deal({{2, {}}, {0, {}}, {1, {}}}, 6), "ACAACA");
}

TEST(KindDealer, DealsThoseOfFixedNumberFirst) {
  EXPECT_EQ(Deal({{3, {}}, {1, 2}}, 5), "BBAAA");
  EXPECT_EQ(Deal({{3, {}}, {1, 4}}, 2), "BB");
}

TEST(KindDealer, KeepsTheProportionWhereAllAreFixedAndThereAreMore) {
  EXPECT_EQ(Deal({{1, 2}, {1, 1}}, 6), "AABABA");
}

TEST(KindDealer, CountsTheKinds) {
  std::vector<UserKind> kinds(2);
  kinds[1].count = 2;
  EXPECT_EQ(KindDealer(kinds).Counts(5), (std::vector<std::uint32_t>{3, 2}));
}

}  // namespace
}  // namespace sqlicorn::loadgen
