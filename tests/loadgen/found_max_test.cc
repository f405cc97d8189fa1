// SPDX-License-Identifier: MIT
#include "loadgen/stats/found_max.h"

#include <chrono>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/measured_run.h"
#include "tests/support/matches.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

struct Shape {
  int requests = 40;
  milliseconds latency{5};
  std::string error{};
};

RunResult Measure(const Shape& shape, const std::function<void(RunResult&)>& change) {
  RunFixture run({0, 0});
  for (int i = 0; i < shape.requests; ++i) {
    run.Write(milliseconds(500) + microseconds(10) * i, shape.latency, shape.error);
  }
  RunResult result = run.Measured().result;
  result.facts.window_s = 2;
  result.facts.run_queue_wait_s = 0;
  change(result);
  return result;
}

void Nothing(RunResult&) {}

void Starve(RunResult& result) {
  result.facts.run_queue_wait_s = 1.8;
}

void LeaveUnsent(RunResult& result) {
  result.facts.never_sent = 7;
}

// As long a window as is too short for the verdict of a run.
void SendLate(RunResult& result) {
  result.facts.window_s = 1;
  result.open_loop.emplace();
  result.open_loop->lateness.Record(40'000);
}

struct Row {
  std::string what;
  Shape shape;
  std::function<void(RunResult&)> change;
  StepVerdict verdict;
};

TEST(FoundMax, TellsTheServersLimitFromTheGenerators) {
  const Objective objective = ParseObjective("p50 < 20ms").value();
  const Shape fast;
  const Shape slow{40, milliseconds(50), ""};
  const Shape failing{40, milliseconds(5), "e"};
  for (const Row& row :
       {Row{"as wanted", fast, Nothing, StepVerdict::kMet},
        Row{"too slow", slow, Nothing, StepVerdict::kMissed},
        Row{"starved", fast, Starve, StepVerdict::kUntold},
        Row{"starved and slow", slow, Starve, StepVerdict::kUntold},
        Row{"full", fast, LeaveUnsent, StepVerdict::kMissed},
        Row{"starved and full", fast,
            [](RunResult& result) {
              Starve(result);
              LeaveUnsent(result);
            },
            StepVerdict::kUntold},
        Row{"failing", failing, Nothing, StepVerdict::kMissed},
        Row{"starved and failing", failing, Starve, StepVerdict::kMissed},
        Row{"slow for it was sent late", slow, SendLate, StepVerdict::kUntold},
        Row{"slower than it was late", {40, milliseconds(70), ""}, SendLate, StepVerdict::kMissed},
        Row{"fast though sent late", fast, SendLate, StepVerdict::kMet},
        Row{"too few", {10, milliseconds(5), ""}, Nothing, StepVerdict::kTooFew},
        Row{"as good as enough", {19, milliseconds(5), ""}, Nothing, StepVerdict::kMet},
        Row{"none", {0, milliseconds(5), ""}, Nothing, StepVerdict::kTooFew},
        Row{"none and full", {0, milliseconds(5), ""}, LeaveUnsent, StepVerdict::kMissed}}) {
    const MaxStep step = StepOf(10, objective, Measure(row.shape, row.change));
    EXPECT_EQ(VerdictText(step.verdict), VerdictText(row.verdict)) << row.what;
    const bool needs_reason =
        row.verdict == StepVerdict::kUntold || row.verdict == StepVerdict::kTooFew;
    EXPECT_TRUE(!needs_reason || !step.against.empty()) << row.what;
  }
}

TEST(FoundMax, KnowsHowManyRequestsAPercentileTakes) {
  const Objective p99 = ParseObjective("p99 < 20ms").value();
  const MaxStep step = StepOf(10, p99, Measure({100, milliseconds(5), ""}, Nothing));
  EXPECT_EQ(step.verdict, StepVerdict::kTooFew);
  EXPECT_NEAR(step.lacking, 10, 0.01);
  ASSERT_EQ(step.against.size(), 1U);
  EXPECT_EQ(step.against[0], "100 requests, and this percentile takes 1000");
  EXPECT_EQ(StepOf(10, p99, Measure({1000, milliseconds(5), ""}, Nothing)).verdict,
            StepVerdict::kMet);
  EXPECT_EQ(StepOf(10, p99, Measure({100, milliseconds(50), ""}, Nothing)).verdict,
            StepVerdict::kMissed)
      << "p90, which a hundred carry, is beyond the limit already";
  EXPECT_EQ(
      StepOf(10, ParseObjective("max < 20ms").value(), Measure({1, milliseconds(5), ""}, Nothing))
          .verdict,
      StepVerdict::kMet);
  EXPECT_EQ(StepOf(10, ParseObjective("p50(/read/) < 20ms").value(), Measure({}, Nothing)).verdict,
            StepVerdict::kTooFew)
      << "those of its own endpoint count";
}

TEST(FoundMax, ConcludesNoMoreThanIsKnown) {
  FoundMax found;
  found.objective = ParseObjective("p99 < 20ms").value();
  EXPECT_EQ(ConclusionText(found), "p99 < 20ms was met at no rate\n");
  found.met = 500;
  EXPECT_EQ(ConclusionText(found), "p99 < 20ms is met even at 500.0/s\n");
  found.missed = 520;
  EXPECT_EQ(ConclusionText(found), "p99 < 20ms is met up to 500.0/s and missed at 520.0/s\n");
  found.missed.reset();
  found.untold = 1000;
  MaxStep step;
  step.rate = 1000;
  step.against = {"the generator slept"};
  found.steps = {step, step, step};
  EXPECT_EQ(ConclusionText(found),
            "INVALID measurement: 1000.0/s could not be told in 3 tries: the generator slept\n"
            "p99 < 20ms is met up to 500.0/s at least\n");
  found.met.reset();
  EXPECT_TRUE(Contains(ConclusionText(found), "p99 < 20ms is met at no rate that could be told\n"));
}

}  // namespace
}  // namespace sqlicorn::loadgen
