// SPDX-License-Identifier: MIT
#include "loadgen/run/max_search.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

MaxSearch From100() {
  return {100, 0.05, seconds(10)};
}

// Searches against a server that meets the objective up to `capacity`; the number of rates.
int Rates(MaxSearch& search, double capacity) {
  int rates = 0;
  for (double last = 0; !search.done() && rates < 100;) {
    rates += search.rate() != last ? 1 : 0;
    last = search.rate();
    search.Tell(search.rate() <= capacity ? StepVerdict::kMet : StepVerdict::kMissed);
  }
  return rates;
}

TEST(MaxSearch, FindsWhereTheObjectiveIsMissed) {
  for (const double capacity : {1.0, 70.0, 100.0, 1234.5, 98'765.0}) {
    MaxSearch search = From100();
    EXPECT_LE(Rates(search, capacity), 18) << capacity;
    ASSERT_TRUE(search.met() && search.missed()) << capacity;
    EXPECT_LE(*search.met(), capacity);
    EXPECT_GT(*search.missed(), capacity);
    EXPECT_LE(*search.missed(), *search.met() * 1.05);
  }
}

TEST(MaxSearch, GivesUpWhereNothingIsSlowEnough) {
  MaxSearch search = From100();
  EXPECT_LE(Rates(search, 0), 10);
  EXPECT_FALSE(search.met());
}

TEST(MaxSearch, EndsWhereNothingIsTooFast) {
  MaxSearch search = From100();
  EXPECT_LE(Rates(search, 1e9), 20);
  EXPECT_EQ(search.met(), 1e6);
  EXPECT_FALSE(search.missed());
}

constexpr StepVerdict kMet = StepVerdict::kMet;
constexpr StepVerdict kMissed = StepVerdict::kMissed;
constexpr StepVerdict kFew = StepVerdict::kTooFew;
constexpr StepVerdict kUntold = StepVerdict::kUntold;

struct Row {
  std::vector<StepVerdict> tries;  // of the first rate, 100
  double next;                     // 100 = once more; 0 = the search is over
};

TEST(MaxSearch, TriesARateAgainBeforeItIsLost) {
  for (const Row& row :
       {Row{{}, 100}, Row{{kMet}, 200}, Row{{kMissed}, 100}, Row{{kMissed, kMissed}, 50},
        Row{{kMissed, kMet}, 200}, Row{{kUntold}, 100}, Row{{kUntold, kUntold}, 100},
        Row{{kUntold, kUntold, kUntold}, 0}, Row{{kUntold, kUntold, kMet}, 200},
        Row{{kUntold, kMissed}, 100}, Row{{kUntold, kMissed, kMissed}, 50}, Row{{kFew}, 100},
        Row{{kFew, kMissed, kFew}, 100}, Row{{kFew, kMissed, kUntold, kFew}, 0},
        Row{{kMissed, kUntold, kUntold, kMissed}, 50}}) {
    MaxSearch search = From100();
    std::string tried;
    for (const StepVerdict verdict : row.tries) {
      ASSERT_FALSE(search.done());
      tried += std::string(VerdictText(verdict)) + ", ";
      search.Tell(verdict);
    }
    EXPECT_EQ(search.done() ? 0 : search.rate(), row.next) << tried;
    EXPECT_EQ(search.untold().has_value(), row.next == 0) << tried;
    EXPECT_EQ(search.missed().has_value(), row.next == 50) << tried;
    EXPECT_EQ(search.met().has_value(), row.next == 200) << tried;
  }
}

TEST(MaxSearch, KeepsTheLastRateThatWasMetWhenItCannotTell) {
  MaxSearch search = From100();
  search.Tell(kMet);
  for (int i = 0; i < 3; ++i) {
    search.Tell(kUntold);
  }
  EXPECT_TRUE(search.done());
  EXPECT_EQ(search.met(), 100);
  EXPECT_EQ(search.untold(), 200);
  EXPECT_FALSE(search.missed());
}

TEST(MaxSearch, TriesAgainForAsLongAsItTakes) {
  MaxSearch search(100, 0.05, milliseconds(500));
  EXPECT_EQ(search.time(), milliseconds(500));
  search.Tell(kMissed);
  EXPECT_EQ(search.time(), seconds(2)) << "long enough to judge the machine";
  search.Tell(kFew, 10);
  EXPECT_EQ(search.time(), seconds(24));
  search.Tell(kMet);
  EXPECT_EQ(search.time(), milliseconds(500));
  search.Tell(kFew, 1000);
  EXPECT_EQ(search.time(), seconds(60)) << "no longer than that";
  search.Tell(kFew, 8);
  EXPECT_TRUE(search.done()) << "a third try would have no more requests";
  EXPECT_EQ(search.untold(), 200);

  MaxSearch patient(100, 0.05, seconds(300));
  patient.Tell(kMissed);
  EXPECT_EQ(patient.time(), seconds(300));
  patient.Tell(kFew, 3);
  EXPECT_TRUE(patient.done());
}

}  // namespace
}  // namespace sqlicorn::loadgen
