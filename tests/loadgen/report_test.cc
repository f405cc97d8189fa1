// SPDX-License-Identifier: MIT
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/report/csv_files.h"
#include "loadgen/report/progress_line.h"
#include "loadgen/report/run_json.h"
#include "tests/loadgen/golden.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using golden::Split;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kUnixS = 1'795'341'185;

Scenario OneTask() {
  Scenario scenario;
  scenario.tasks.emplace_back();
  scenario.tasks[0].path = scenario.tasks[0].name = "/a";
  return scenario;
}

// A run that began at kUnixS; answers are told by their end and latency.
class Measured {
 public:
  Measured() : stats_(OneTask()) { stats_.Begin(start_, kUnixS * 1'000'000); }

  void Answer(Duration end, Duration latency, const std::string& error = "") {
    Sample sample;
    sample.outcome = error.empty() ? Outcome::kOk : Outcome::kErrorStatus;
    sample.end = start_ + end;
    sample.start = sample.intended_start = sample.end - latency;
    stats_.Record(sample, error);
  }

  [[nodiscard]] const RunStats& stats() const { return stats_; }

 private:
  TimePoint start_ = TimePoint(seconds(50));
  RunStats stats_;
};

RunResult ResultOf(const RunStats& stats) {
  RunResult result{"s.toml", "http://h", "00000000", 3, 1.5, 42, 2, 0.5, 1, false, stats, {}};
  return result;
}

TEST(RunJson, TellsEndpointsAggregateAndErrors) {
  Measured run;
  run.Answer(seconds(1), milliseconds(4));
  run.Answer(seconds(2), milliseconds(8), "boom");
  const auto json = JsonOf(RunJson(ResultOf(run.stats())));
  ASSERT_FALSE(json.is_discarded());
  const auto& endpoint = json["endpoints"][0];
  EXPECT_EQ(endpoint["method"], "GET");
  EXPECT_EQ(endpoint["name"], "/a");
  EXPECT_EQ(endpoint["requests"], 2);
  EXPECT_EQ(endpoint["failures"], 1);
  EXPECT_EQ(endpoint["rps"], 1.0);
  EXPECT_EQ(endpoint["failures_per_s"], 0.5);
  EXPECT_EQ(endpoint["avg_ms"], 6.0);
  EXPECT_EQ(endpoint["min_ms"], 4.0);
  EXPECT_EQ(endpoint["max_ms"], 8.0);
  EXPECT_EQ(endpoint["percentiles_ms"]["99.99"], 8.0);
  EXPECT_EQ(endpoint["percentiles_ms"].size(), 11u);
  EXPECT_EQ(json["aggregated"]["requests"], 2);
  EXPECT_EQ(json["errors"][0]["error"], "boom");
  EXPECT_EQ(json["errors"][0]["occurrences"], 1);
  EXPECT_EQ(json["seed"], 42);
  EXPECT_EQ(json["users"], 3);
}

TEST(RunJson, StaysJsonWhateverAServerCallsItsErrors) {
  Measured run;
  run.Answer(seconds(1), milliseconds(1), "\xff\"\n");
  EXPECT_FALSE(JsonOf(RunJson(ResultOf(run.stats()))).is_discarded());
}

std::vector<std::string> Fields(const std::string& line) {
  return Split(line.substr(0, line.find('\r')), ",");
}

TEST(HistoryCsv, SaysNotAvailableBeforeTheFirstRequest) {
  HistoryCsv history(HistoryScope::kAggregated);
  EXPECT_EQ(Fields(history.LinesAt(kUnixS, 0, Measured().stats()))[6], "N/A");
}

TEST(HistoryCsv, TakesPercentilesSinceTheStartForTheAggregateAlone) {
  HistoryCsv history(HistoryScope::kAggregated);
  Measured run;
  run.Answer(seconds(1), milliseconds(40));
  const std::string lines = history.LinesAt(kUnixS + 1, 5, run.stats());
  EXPECT_EQ(Split(lines, "\r\n").size(), 2u);
  EXPECT_EQ(Fields(lines)[3], "Aggregated");
  EXPECT_EQ(Fields(lines)[6], "40");
}

TEST(HistoryCsv, TakesPercentilesOfTenSecondsInFullHistory) {
  HistoryCsv history(HistoryScope::kFull);
  Measured run;
  for (int s = 0; s < 30; ++s) {
    run.Answer(seconds(s) + milliseconds(500), s < 15 ? milliseconds(80) : milliseconds(20));
    const std::string lines = history.LinesAt(kUnixS + s + 1, 1, run.stats());
    ASSERT_EQ(Split(lines, "\r\n").size(), 3u);
    const std::string p100 = Fields(lines)[16];
    // Nothing to compare with in the first two seconds, as in locust.
    EXPECT_EQ(p100, s < 2 ? "0" : s < 24 ? "80" : "20") << s;
  }
}

TEST(HistoryCsv, BeginsAnewWhenTheStatisticsDo) {
  HistoryCsv history(HistoryScope::kFull);
  Measured run;
  run.Answer(seconds(1), milliseconds(80));
  static_cast<void>(history.LinesAt(kUnixS + 1, 1, run.stats()));
  RunStats later(OneTask());
  later.Begin(TimePoint(seconds(60)), (kUnixS + 5) * 1'000'000);
  EXPECT_EQ(Fields(history.LinesAt(kUnixS + 5, 1, later))[6], "N/A");
}

TEST(CsvFiles, WritesAllFourIntoAFolderItMakes) {
  const TempDir dir;
  CsvFiles files(dir.File("new/x"), HistoryScope::kAggregated);
  Measured run;
  ASSERT_TRUE(files.Open(run.stats()).ok());
  ASSERT_TRUE(files.AppendHistory(0, run.stats()).ok());
  run.Answer(seconds(1), milliseconds(5), "boom");
  ASSERT_TRUE(files.WriteTables(run.stats()).ok());
  EXPECT_EQ(testing::ReadAll(dir.File("new/x_stats.csv")),
            StatsCsv(MakeLocustTable(run.stats(), LocustRates::kTotal)));
  EXPECT_EQ(Split(testing::ReadAll(dir.File("new/x_stats_history.csv")), "\r\n").size(), 3u);
  EXPECT_NE(testing::ReadAll(dir.File("new/x_failures.csv")).find("GET,/a,boom,1,"),
            std::string::npos);
  EXPECT_EQ(testing::ReadAll(dir.File("new/x_exceptions.csv")), ExceptionsCsv());
}

TEST(CsvFiles, RefusesAPrefixWithinAFile) {
  const testing::TempFile file("f", "");
  EXPECT_FALSE(CsvFiles(file.path() + "/x", HistoryScope::kFull).Open(Measured().stats()).ok());
}

TEST(ProgressLine, ShowsTheRunAtAGlance) {
  const Progress progress{25, 100, 50, 36600.4, 900000, 9000, 1.24, 250.4};
  EXPECT_EQ(ProgressLine(progress, 200),
            "[=====               ]  25% ETA 75s  users 50  req/s 36600  failures 9000 (1.00%)  "
            "p50 1.2 ms  p99 250 ms");
}

TEST(ProgressLine, KnowsNoEndWithoutARunTime) {
  Progress progress;
  progress.elapsed_s = 12.2;
  EXPECT_EQ(ProgressLine(progress, 200).substr(0, 12), "12s  users 0");
}

TEST(ProgressLine, FitsTheTerminal) {
  EXPECT_EQ(ProgressLine(Progress(), 10).size(), 10u);
  EXPECT_EQ(ProgressLine(Progress(), -1), "");
}

TEST(ProgressLine, StopsAtTheEndWhileRequestsDrain) {
  EXPECT_EQ(ProgressLine({120, 100, 0, 0, 0, 0, 0, 0}, 200).substr(0, 35),
            "[====================] 100% ETA 0s ");
}

}  // namespace
}  // namespace sqlicorn::loadgen
