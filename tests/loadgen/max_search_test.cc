// SPDX-License-Identifier: MIT
#include "loadgen/run/max_search.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

// Searches against a server that meets the objective up to `capacity`; the number of steps.
int Steps(MaxSearch& search, double capacity) {
  int steps = 0;
  while (!search.done() && steps < 100) {
    search.Tell(search.rate() <= capacity);
    ++steps;
  }
  return steps;
}

TEST(MaxSearch, FindsWhereTheObjectiveIsMissed) {
  for (const double capacity : {1.0, 70.0, 100.0, 1234.5, 98'765.0}) {
    MaxSearch search(100, 0.05);
    EXPECT_LE(Steps(search, capacity), 18) << capacity;
    ASSERT_TRUE(search.met() && search.missed()) << capacity;
    EXPECT_LE(*search.met(), capacity);
    EXPECT_GT(*search.missed(), capacity);
    EXPECT_LE(*search.missed(), *search.met() * 1.05);
  }
}

TEST(MaxSearch, GivesUpWhereNothingIsSlowEnough) {
  MaxSearch search(100, 0.05);
  EXPECT_LE(Steps(search, 0), 10);
  EXPECT_FALSE(search.met());
}

TEST(MaxSearch, EndsWhereNothingIsTooFast) {
  MaxSearch search(100, 0.05);
  EXPECT_LE(Steps(search, 1e9), 20);
  EXPECT_EQ(search.met(), 1e6);
  EXPECT_FALSE(search.missed());
}

}  // namespace
}  // namespace sqlicorn::loadgen
