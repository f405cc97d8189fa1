// SPDX-License-Identifier: MIT
#include "loadgen/scenario/rate_plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Spacing = RatePlan::Spacing;

// The seconds of all that is due before `until`.
std::vector<double> Due(const std::string& text, double until, std::uint64_t seed = 1) {
  Arrivals arrivals(ParseRatePlan(text).value(), seed);
  std::vector<double> due;
  for (auto next = arrivals.Next(); next && ToSeconds(*next) < until; next = arrivals.Next()) {
    due.push_back(ToSeconds(*next));
  }
  return due;
}

std::size_t Between(const std::vector<double>& due, double begin, double end) {
  return static_cast<std::size_t>(
      std::count_if(due.begin(), due.end(), [&](double s) { return s >= begin && s < end; }));
}

TEST(RatePlan, IsReadFromItsCompactForm) {
  EXPECT_EQ(ParseRatePlan("500")->pieces.size(), 1U);
  EXPECT_FALSE(ParseRatePlan("500")->length());
  EXPECT_EQ(ParseRatePlan("poisson:0.5")->spacing, Spacing::kPoisson);
  EXPECT_DOUBLE_EQ(ParseRatePlan("poisson:0.5")->pieces[0].from, 0.5);
  const RatePlan steps = ParseRatePlan("100:10s,500..1000:1m30s").value();
  ASSERT_EQ(steps.pieces.size(), 2U);
  EXPECT_DOUBLE_EQ(steps.pieces[1].from, 500);
  EXPECT_DOUBLE_EQ(steps.pieces[1].to, 1000);
  EXPECT_EQ(steps.length(), std::chrono::seconds(100));
}

TEST(RatePlan, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "'' is not a number"},
      {"0", "more than 0"},
      {"-1", "'-1' is not a number"},
      {"nan", "'nan' is not a number"},
      {"2000000", "up to a million"},
      {"100..1000", "100..1000:30s"},
      {"100,200", "only the last piece"},
      {"100:10", "'10' is not a duration"},
      {"100:0s", "longer than 0s"},
      {"100:1s,", "'' is not a number"},
      {"poison:5", "'poison' is not a number"}};
  for (const auto& [text, part] : table) {
    const Result<RatePlan> plan = ParseRatePlan(text);
    ASSERT_FALSE(plan) << text;
    EXPECT_NE(plan.error().message.find(part), std::string::npos) << plan.error().message;
  }
}

TEST(Arrivals, AreEvenlySpaced) {
  const std::vector<double> due = Due("4", 1.1);
  ASSERT_EQ(due.size(), 5U);
  for (std::size_t i = 0; i < due.size(); ++i) {
    EXPECT_NEAR(due[i], 0.25 * static_cast<double>(i), 1e-9);
  }
}

TEST(Arrivals, GoUpInStepsAndStayAtTheLastRate) {
  const std::vector<double> due = Due("10:10s,100:10s", 30);
  EXPECT_EQ(Between(due, 0, 10), 100U);
  EXPECT_EQ(Between(due, 10, 20), 1000U);
  EXPECT_NEAR(static_cast<double>(Between(due, 20, 30)), 1000, 1);
}

TEST(Arrivals, FollowARamp) {
  const std::vector<double> due = Due("0..100:10s", 10);
  EXPECT_EQ(due.size(), 500U);
  EXPECT_NEAR(static_cast<double>(Between(due, 0, 5)), 125, 1);
  const std::vector<double> down = Due("100..0:10s", 100);
  EXPECT_NEAR(static_cast<double>(down.size()), 500, 1) << "nothing once the rate is zero";
  EXPECT_NEAR(static_cast<double>(Between(down, 0, 5)), 375, 1);
}

TEST(Arrivals, PassOverAPauseBetweenPieces) {
  const std::vector<double> due = Due("10:1s,0:2s,10:1s", 4);
  EXPECT_EQ(Between(due, 0, 1), 10U);
  EXPECT_EQ(Between(due, 1, 3), 0U);
  EXPECT_EQ(Between(due, 3, 4), 10U);
}

// Of a Poisson process mean and variance of the counts are the same; of an even one there is none.
TEST(Arrivals, OfAPoissonProcessVaryAsTheyShould) {
  const std::vector<double> due = Due("poisson:100", 1000, 7);
  double sum = 0;
  double squares = 0;
  for (int s = 0; s < 1000; ++s) {
    const auto count = static_cast<double>(Between(due, s, s + 1));
    sum += count;
    squares += count * count;
  }
  const double mean = sum / 1000;
  EXPECT_NEAR(mean, 100, 1.5);
  EXPECT_NEAR(squares / 1000 - mean * mean, 100, 20);
  EXPECT_EQ(Due("poisson:100", 1, 3), Due("poisson:100", 1, 3)) << "the seed repeats it";
  EXPECT_NE(Due("poisson:100", 1, 3), Due("poisson:100", 1, 4));
}

}  // namespace
}  // namespace sqlicorn::loadgen
