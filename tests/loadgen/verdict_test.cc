// SPDX-License-Identifier: MIT
#include "loadgen/stats/verdict.h"

#include <functional>

#include <gtest/gtest.h>

#include "loadgen/stats/machine_watch.h"

namespace sqlicorn::loadgen {
namespace {

// Ten seconds on two cores in which nothing was wrong.
MeasurementFacts Good() {
  MeasurementFacts facts;
  facts.window_s = 10;
  facts.cores = 2;
  facts.generator_cpu_s = 4;
  facts.run_queue_wait_s = 0.5;
  facts.other_cpu_s = 9;
  facts.server_cpu_s = 8.5;
  facts.steal_s = 0.1;
  facts.pressure_s = 9;
  facts.load_average = 3;
  facts.lag_samples = 1000;
  facts.lag_p99_us = 500;
  facts.latency_p99_us = 900;
  facts.requests = 50'000;
  return facts;
}

struct Row {
  const char* name;
  std::function<void(MeasurementFacts&)> change;
  const char* reason;  // "" = VALID
};

TEST(Judge, NamesWhatSpoilsAMeasurement) {
  const std::vector<Row> table = {
      {"good", [](MeasurementFacts&) {}, ""},
      {"nothing", [](MeasurementFacts& f) { f.requests = 0; }, "no request ended"},
      {"busy", [](MeasurementFacts& f) { f.generator_cpu_s = 9.1; }, "was busy for 91 %"},
      {"nearly busy", [](MeasurementFacts& f) { f.generator_cpu_s = 8.9; }, ""},
      {"starved", [](MeasurementFacts& f) { f.run_queue_wait_s = 2.5; },
       "waiting for a core for 25 %"},
      {"nearly starved", [](MeasurementFacts& f) { f.run_queue_wait_s = 1.9; }, ""},
      {"stopped", [](MeasurementFacts& f) { f.standstill_s = 1.2; }, "stood still for 1.2 s"},
      {"no schedstat", [](MeasurementFacts& f) { f.run_queue_wait_s.reset(); }, ""},
      {"stolen", [](MeasurementFacts& f) { f.steal_s = 1.2; }, "hypervisor took 6 %"},
      {"foreign", [](MeasurementFacts& f) { f.other_cpu_s = 11; }, "other programs used 12 %"},
      {"server not ours",
       [](MeasurementFacts& f) {
         f.other_cpu_s = 16;
         f.server_cpu_s.reset();
       },
       ""},
      {"lag", [](MeasurementFacts& f) { f.lag_p99_us = 1100; },
       "lay unread for 1.1 ms (p99 of the 1000 that were looked at)"},
      {"lag of long answers",
       [](MeasurementFacts& f) {
         f.lag_p99_us = 1100;
         f.latency_p99_us = 5000;
       },
       ""},
      {"lag of few",
       [](MeasurementFacts& f) {
         f.lag_p99_us = 1100;
         f.lag_samples = 99;
       },
       ""},
      {"late sends",
       [](MeasurementFacts& f) {
         f.timed_sends = 100;
         f.lateness_p99_us = 1500;
       },
       "sent 1.5 ms (p99) after"},
      {"never sent",
       [](MeasurementFacts& f) {
         f.due = 100;
         f.never_sent = 3;
       },
       "3 of 100 requests were never sent"},
      {"too short to tell",
       [](MeasurementFacts& f) {
         f.window_s = 0.2;
         f.steal_s = 0.2;
         f.other_cpu_s = 8.7;
         f.generator_cpu_s = 0.2;
         f.run_queue_wait_s = 0.2;
       },
       ""}};
  for (const Row& row : table) {
    MeasurementFacts facts = Good();
    row.change(facts);
    const std::vector<std::string> reasons = Judge(facts);
    if (*row.reason == '\0') {
      EXPECT_TRUE(reasons.empty()) << row.name << ": " << reasons.front();
    } else {
      ASSERT_EQ(reasons.size(), 1U) << row.name;
      EXPECT_NE(reasons[0].find(row.reason), std::string::npos) << reasons[0];
    }
  }
}

// The lag is of a sample, so its percentile may be beyond that of all latencies: the two are not
// set against each other as a part and its whole.
TEST(Judge, NamesNoWholeThatIsLessThanItsPart) {
  MeasurementFacts facts = Good();
  facts.lag_p99_us = 18'000;
  facts.latency_p99_us = 12'800;
  const std::vector<std::string> reasons = Judge(facts);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_NE(reasons[0].find("18.0 ms"), std::string::npos) << reasons[0];
  EXPECT_EQ(reasons[0].find("12.8 ms"), std::string::npos) << reasons[0];
}

TEST(Judge, TellsAllReasons) {
  MeasurementFacts facts = Good();
  facts.steal_s = 5;
  facts.run_queue_wait_s = 5;
  EXPECT_EQ(Judge(facts).size(), 2U);
}

TEST(MachineCounts, AreReadFromTheKernelsFiles) {
  const auto times = ParseCpuTimes("cpu  100 20 30 1000 40 5 6 70 80 9\ncpu0 1 2\n", 100);
  ASSERT_TRUE(times);
  EXPECT_DOUBLE_EQ(times->busy_s, 1.61);
  EXPECT_DOUBLE_EQ(times->steal_s, 0.7);
  EXPECT_FALSE(ParseCpuTimes("cpu0 1 2 3 4 5 6 7 8\n", 100));
  EXPECT_FALSE(ParseCpuTimes("cpu 1 2\n", 100));
  EXPECT_DOUBLE_EQ(ParseRunQueueWait("5000000000 1500000000 42\n").value(), 1.5);
  EXPECT_FALSE(ParseRunQueueWait(""));
  EXPECT_DOUBLE_EQ(
      ParsePressure("some avg10=1.0 avg60=2.0 avg300=3.0 total=2500000\nfull total=0\n").value(),
      2.5);
  EXPECT_FALSE(ParsePressure("some\n"));
  EXPECT_DOUBLE_EQ(ParseLoadAverage("1.50 1.25 1.00 2/300 4711\n").value(), 1.5);
}

TEST(MachineCounts, AreThoseOfThisMachine) {
  const MachineCounts counts = ReadMachineCounts();
  EXPECT_GT(counts.own_cpu_s, 0);
  ASSERT_TRUE(counts.busy_s);
  EXPECT_GT(*counts.busy_s, 0);
}

}  // namespace
}  // namespace sqlicorn::loadgen
