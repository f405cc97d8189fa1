// SPDX-License-Identifier: MIT
#include "tests/integration/register_history.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

RegisterOp Write(std::int64_t value, std::int64_t began, std::int64_t ended) {
  return {RegisterOp::Kind::kWrite, value, began, ended};
}

RegisterOp Read(std::int64_t value, std::int64_t began, std::int64_t ended) {
  return {RegisterOp::Kind::kRead, value, began, ended};
}

TEST(RegisterHistory, FindsWhatCannotHaveHappened) {
  const struct {
    const char* name;
    std::vector<RegisterOp> history;
    bool good;
  } cases[] = {
      {"nothing", {}, true},
      {"what was there from the beginning", {Read(0, 1, 2)}, true},
      {"one after the other", {Write(1, 1, 2), Read(1, 3, 4)}, true},
      {"a read beside its write", {Write(1, 1, 5), Read(1, 2, 3)}, true},
      {"a read beside the next write sees either",
       {Write(1, 1, 2), Write(2, 3, 9), Read(1, 4, 5)},
       true},
      {"and both in turn", {Write(2, 3, 9), Read(0, 4, 5), Read(2, 6, 7)}, true},
      {"writes beside each other in either order",
       {Write(1, 1, 9), Write(2, 1, 9), Read(2, 10, 11), Read(2, 12, 13)},
       true},
      {"a write that was never answered", {Write(1, 1, RegisterOp::kNever), Read(1, 5, 6)}, true},
      {"nor seen", {Write(1, 1, RegisterOp::kNever), Read(0, 5, 6)}, true},
      {"stale: a write was acknowledged before the read began",
       {Write(1, 1, 2), Read(0, 3, 4)},
       false},
      {"stale by two clients", {Write(1, 1, 2), Write(2, 3, 4), Read(1, 5, 6)}, false},
      {"back again, beside a write", {Write(1, 1, 9), Read(1, 2, 3), Read(0, 4, 5)}, false},
      {"from the future", {Read(1, 1, 2), Write(1, 3, 4)}, false},
      {"never written", {Write(1, 1, 2), Read(7, 3, 4)}, false},
      {"lost: it was read, and then what was before it",
       {Write(1, 1, 2), Write(2, 3, 4), Read(2, 5, 6), Read(1, 7, 8)},
       false},
      {"two that were there at the same time",
       {Write(1, 1, 9), Write(2, 1, 9), Read(1, 10, 11), Read(2, 12, 13), Read(1, 14, 15)},
       false},
      {"within the time of another", {Write(1, 1, 2), Write(2, 4, 5), Read(1, 7, 8)}, false},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(FindViolation(c.history).empty(), c.good) << c.name;
  }
}

// Tries every order.
bool HasAnOrder(const std::vector<RegisterOp>& left, std::int64_t held) {
  if (left.empty()) {
    return true;
  }
  std::int64_t first_end = RegisterOp::kNever;
  for (const RegisterOp& op : left) {
    first_end = std::min(first_end, op.ended);
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool reads = left[i].kind == RegisterOp::Kind::kRead;
    if (left[i].began > first_end || (reads && left[i].value != held)) {
      continue;
    }
    std::vector<RegisterOp> rest = left;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    if (HasAnOrder(rest, left[i].value)) {
      return true;
    }
  }
  return false;
}

TEST(RegisterHistory, AgreesWithTheTrialOfAllOrders) {
  std::mt19937 random(7);
  int good = 0;
  constexpr int kHistories = 5000;
  for (int i = 0; i < kHistories; ++i) {
    // Instants that differ all, so that none begins as another ends.
    std::vector<std::int64_t> instants(14);
    std::iota(instants.begin(), instants.end(), 1);
    std::shuffle(instants.begin(), instants.end(), random);
    std::vector<RegisterOp> history;
    for (std::size_t op = 0; op < 7; ++op) {
      const auto [began, ended] = std::minmax(instants[2 * op], instants[2 * op + 1]);
      const auto value = static_cast<std::int64_t>(op < 3 ? op + 1 : random() % 4);
      history.push_back(op < 3 ? Write(value, began, ended) : Read(value, began, ended));
    }
    const std::string violation = FindViolation(history);
    ASSERT_EQ(violation.empty(), HasAnOrder(history, 0)) << i << ": " << violation;
    good += violation.empty() ? 1 : 0;
  }
  EXPECT_GT(good, kHistories / 50);
  EXPECT_LT(good, kHistories - kHistories / 50);
}

}  // namespace
}  // namespace sqlicorn
