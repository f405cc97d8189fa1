// SPDX-License-Identifier: MIT
#include "loadgen/stats/run_stats.h"

#include <gtest/gtest.h>

#include "loadgen/stats/locust_numbers.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kUnixUs = 1'795'341'185'000'000;

TaskSpec Task(const std::string& method, const std::string& path) {
  TaskSpec task;
  task.method = method;
  task.path = path;
  task.name = path;
  return task;
}

// A run of GET /b, POST /a and GET /a (tasks 0 to 2) that starts at a second of its own.
class RunStatsTest : public testing::Test {
 protected:
  RunStatsTest() : stats_(Abc()) { stats_.Begin(start_, kUnixUs); }

  static Scenario Abc() {
    Scenario scenario;
    scenario.tasks = {Task("GET", "/b"), Task("POST", "/a"), Task("GET", "/a")};
    scenario.tasks[1].writes = true;
    return scenario;
  }

  void Answer(std::size_t task, Duration end, Duration latency, std::string_view error = "") {
    Sample sample;
    sample.task = task;
    sample.outcome = error.empty() ? Outcome::kOk : Outcome::kErrorStatus;
    sample.body_bytes = 2;
    sample.end = start_ + end;
    sample.start = sample.intended_start = sample.end - latency;
    stats_.Record(sample, error);
  }

  TimePoint start_ = TimePoint(seconds(1000));
  RunStats stats_;
};

TEST_F(RunStatsTest, OrdersEndpointsByNameAndMethod) {
  ASSERT_EQ(stats_.endpoints().size(), 3u);
  EXPECT_EQ(stats_.endpoints()[0].name + stats_.endpoints()[0].method, "/aGET");
  EXPECT_EQ(stats_.endpoints()[1].name + stats_.endpoints()[1].method, "/aPOST");
  EXPECT_EQ(stats_.endpoints()[2].name + stats_.endpoints()[2].method, "/bGET");
}

TEST_F(RunStatsTest, KnowsWhichEndpointsWrite) {
  EXPECT_FALSE(stats_.endpoints()[0].writes);
  EXPECT_TRUE(stats_.endpoints()[1].writes);
}

TEST(RunStats, PutsTasksOfOneNameAndMethodIntoOneRow) {
  Scenario scenario;
  scenario.tasks = {Task("GET", "/x?a=1"), Task("GET", "/x?a=2")};
  scenario.tasks[0].name = scenario.tasks[1].name = "/x";
  EXPECT_EQ(RunStats(scenario).endpoints().size(), 1u);
}

TEST_F(RunStatsTest, CountsFailuresAsRequestsToo) {
  Answer(0, seconds(1), milliseconds(4));
  Answer(0, seconds(2), milliseconds(8), "boom");
  const EndpointStats& b = stats_.endpoints()[2];
  EXPECT_EQ(b.requests, 2u);
  EXPECT_EQ(b.failures, 1u);
  EXPECT_EQ(b.latency.max_us(), 8000u);
}

TEST_F(RunStatsTest, TakesRatesOverTheTimeToTheLastRequestOfAnyRow) {
  Answer(0, seconds(1), milliseconds(1));
  Answer(1, seconds(4), milliseconds(1));
  const LocustTable table = MakeLocustTable(stats_, LocustRates::kTotal);
  EXPECT_EQ(table.rows[1].name, "/b");
  EXPECT_DOUBLE_EQ(table.rows[1].requests_per_s, 0.25);
  EXPECT_DOUBLE_EQ(table.aggregated.requests_per_s, 0.5);
}

TEST_F(RunStatsTest, TakesRatesOverTheWindowWhereTheServerFellSilent) {
  Answer(0, seconds(1), milliseconds(500));
  Answer(0, seconds(2), milliseconds(500));
  stats_.End(start_ + milliseconds(2400));
  EXPECT_DOUBLE_EQ(stats_.ElapsedSeconds(), 2) << "as long as a request may take";
  stats_.End(start_ + seconds(10));
  EXPECT_DOUBLE_EQ(stats_.ElapsedSeconds(), 10);
  EXPECT_DOUBLE_EQ(stats_.WindowSeconds(), 10);
  EXPECT_DOUBLE_EQ(stats_.PerSecond(2), 0.2);
}

TEST_F(RunStatsTest, LeavesRowsWithoutRequestsOutOfTheTable) {
  Answer(0, seconds(1), milliseconds(1));
  EXPECT_EQ(MakeLocustTable(stats_, LocustRates::kTotal).rows.size(), 1u);
}

TEST_F(RunStatsTest, HasNoCurrentRateInTheFirstTwoSeconds) {
  Answer(0, milliseconds(2900), milliseconds(1));
  EXPECT_EQ(stats_.CurrentRates(stats_.Aggregated()).requests, 0);
}

TEST_F(RunStatsTest, AveragesTheCurrentRateOverTenSecondsUpToTwoSecondsAgo) {
  for (int s = 0; s < 20; ++s) {
    for (int i = 0; i < s; ++i) {
      Answer(0, seconds(s) + milliseconds(500), milliseconds(1), s == 10 ? "boom" : "");
    }
  }
  const RecentSeconds::Rates rates = stats_.CurrentRates(stats_.Aggregated());
  EXPECT_DOUBLE_EQ(rates.requests, (7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16) / 10.0);
  EXPECT_DOUBLE_EQ(rates.failures, 1.0);
}

TEST_F(RunStatsTest, KeepsErrorsInTheOrderOfFirstOccurrence) {
  Answer(0, seconds(1), milliseconds(1), "late in the alphabet: z");
  Answer(1, seconds(2), milliseconds(1), "a");
  Answer(0, seconds(3), milliseconds(1), "late in the alphabet: z");
  ASSERT_EQ(stats_.errors().size(), 2u);
  EXPECT_EQ(stats_.errors()[0].occurrences, 2u);
  EXPECT_EQ(stats_.errors()[0].first_seen_us, kUnixUs + 1'000'000);
  EXPECT_EQ(stats_.errors()[0].last_seen_us, kUnixUs + 3'000'000);
  EXPECT_EQ(stats_.errors()[1].error, "a");
}

TEST_F(RunStatsTest, ForgetsEverythingOnBegin) {
  Answer(0, seconds(1), milliseconds(1), "boom");
  stats_.Begin(start_ + seconds(5), kUnixUs);
  EXPECT_EQ(stats_.requests(), 0u);
  EXPECT_TRUE(stats_.errors().empty());
  EXPECT_EQ(stats_.Aggregated().latency.count(), 0u);
  EXPECT_EQ(stats_.ElapsedSeconds(), 0);
}

TEST_F(RunStatsTest, HasAnExactMedianBelowAMillisecond) {
  for (const int us : {120, 310, 480, 950}) {
    Answer(0, seconds(1), microseconds(us));
  }
  EXPECT_EQ(MakeLocustTable(stats_, LocustRates::kTotal).rows[0].median, PythonNumber(0.31));
}

TEST_F(RunStatsTest, ClampsTheMedianToTheExactExtremes) {
  Answer(0, seconds(1), microseconds(43'745));
  EXPECT_EQ(MakeLocustTable(stats_, LocustRates::kTotal).rows[0].median, PythonNumber(43.745));
  Answer(0, seconds(1), microseconds(44'100));
  Answer(0, seconds(1), microseconds(44'200));
  EXPECT_EQ(MakeLocustTable(stats_, LocustRates::kTotal).rows[0].median,
            PythonNumber(std::int64_t{44}));
}

}  // namespace
}  // namespace sqlicorn::loadgen
