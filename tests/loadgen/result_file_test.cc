// SPDX-License-Identifier: MIT
// What --save keeps and `report` reads.
#include "loadgen/results/result_file.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/page/comparison_page.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/locust_console.h"
#include "loadgen/report/run_json.h"
#include "loadgen/results/side_by_side.h"
#include "tests/loadgen/comparison_sample.h"
#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

// With all that a run can have, and a control.
ComparisonPlan Plan() {
  ComparisonPlan plan = sample::Plan();
  AddControl(&plan);
  return plan;
}

std::vector<MeasuredRun> Runs() {
  std::vector<MeasuredRun> runs = sample::Runs();
  runs.push_back(sample::Run({0, 0}));
  runs.back().step.configuration = 3;  // the control
  for (MeasuredRun& run : runs) {
    run.costs =
        ServerCosts{0.5 + static_cast<double>(run.step.configuration), 2, 3, 4, 5, 6, {}, 8};
    run.database_bytes = 1'000'000;
    run.wal_bytes = 2'000'000;
    run.complaint = "it did not end well";
  }
  return runs;
}

Comparison Built() {
  const ComparisonPlan plan = Plan();
  ComparisonBuilder builder(plan, sample::From());
  for (const MeasuredRun& run : Runs()) {
    builder.Add(run);
  }
  return builder.Build();
}

std::string SampleText() {
  ResultWriter writer;
  for (const MeasuredRun& run : Runs()) {
    writer.Add(run);
  }
  return writer.Text({ResultKind::kComparison, sample::From(), Plan().configurations});
}

ResultFile Parsed(const std::string& text) {
  Result<ResultFile> file = ResultFile::Parse(text);
  EXPECT_TRUE(file) << file.error().message;
  return *std::move(file);
}

std::vector<NamedResults> Named(const std::vector<std::string>& paths) {
  std::vector<NamedResults> results;
  for (const std::string& path : paths) {
    results.push_back({path, Parsed(SampleText())});
  }
  return results;
}

TEST(ResultFile, RendersEveryReportOfTheComparisonAgain) {
  const Comparison was = Built();
  const Comparison is = SideBySide(Named({"a.json"})).value();
  ASSERT_TRUE(was.control);
  EXPECT_EQ(ComparisonTerminal(is), ComparisonTerminal(was));
  EXPECT_EQ(ComparisonMarkdown(is), ComparisonMarkdown(was));
  EXPECT_EQ(ComparisonCsv(is), ComparisonCsv(was));
  EXPECT_EQ(ComparisonJson(is), ComparisonJson(was));
  EXPECT_EQ(ComparisonPage(is), ComparisonPage(was));
}

TEST(ResultFile, RendersTheTablesOfARunAgain) {
  RunResult was = sample::Runs()[0].result;
  was.lag.Record(70);
  was.facts.window_s = 1.5;
  was.facts.steal_s = 0.125;
  was.facts.never_sent = 3;
  was.open_loop = {"poisson:5", 7, 1, 2, 3, {}, {}};
  was.open_loop->service.Record(1234);
  was.replay = {0.5, 9, 8};
  was.run_time_s = 20;
  ResultWriter writer;
  writer.Add(AsMeasured(was));
  const ResultFile file = Parsed(writer.Text(HeadOf(was)));
  EXPECT_EQ(file.head().kind, ResultKind::kRun);
  const RunResult is = file.RunAt(0).value().result;
  EXPECT_EQ(RunJson(is), RunJson(was));
  const LocustTable table = MakeLocustTable(is.stats, LocustRates::kTotal);
  const LocustTable expected = MakeLocustTable(was.stats, LocustRates::kTotal);
  EXPECT_EQ(StatsTable(table, 80), StatsTable(expected, 80));
  EXPECT_EQ(PercentilesTable(table, 80), PercentilesTable(expected, 80));
  EXPECT_EQ(ErrorReport(table, 80), ErrorReport(expected, 80));
}

TEST(ResultFile, KeepsTheSecondsOfARun) {
  const RunResult was = sample::Runs()[0].result;
  ResultWriter writer;
  writer.Add(AsMeasured(was));
  const auto run = Parsed(writer.Text(HeadOf(was))).RunAt(0);
  const TimeSeries& seconds = run.value().result.stats.seconds();
  ASSERT_EQ(seconds.spans().size(), was.stats.seconds().spans().size());
  EXPECT_EQ(seconds.spans()[10].requests, was.stats.seconds().spans()[10].requests);
  EXPECT_GT(seconds.spans()[10].PercentileUs(99), 0);
  EXPECT_EQ(seconds.spans()[10].PercentileUs(99), was.stats.seconds().spans()[10].PercentileUs(99));
}

struct BadFile {
  std::string text;
  std::string error;
};

std::string Changed(const std::string& from, const std::string& to) {
  std::string text = SampleText();
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(ResultFile, SaysWhatIsWrongWithAFileAndWhatToDo) {
  const std::string cut = "the file ends in the middle";
  const std::string spoilt =
      "; another build of sqlicorn-loadgen wrote the file, or it was changed";
  const std::vector<BadFile> files = {
      {"", "1:1: this is no JSON"},
      {"{\n  \"format\": x\n}", "2:13: this is no JSON"},
      {SampleText().substr(0, 3000), cut},
      {SampleText().substr(0, 1), cut},
      {"[]", "is no result file (--save writes those"},
      {"{\"format\": 7}", "is no result file"},
      {RunJson(sample::Runs()[0].result), "is no result file"},
      {Changed("\"version\": 4", "\"version\": 5"),
       "is of version 5, and this program reads version 4"},
      {Changed("\"version\": 4", "\"version\": 1"),
       "is of version 1, and this program reads version 4: use the sqlicorn-loadgen that wrote it"},
      {Changed("\"kind\"", "\"king\""), "kind is missing" + spoilt},
      {Changed("\"users\":100", "\"users\":\"many\""), "provenance.users is not a number"},
      {Changed("\"users\":100", "\"users\":-1"), "provenance.users is not a number"},
      {Changed("\"name\":\"wal\"", "\"name\":null"), "configurations[1].name is not a text"},
      {Changed("\"duration_s\":1.0", "\"duration_s\":-1.0"),
       "provenance.duration_s is not between"},
      {Changed("\"duration_s\":1.0", "\"duration_s\":1e308"),
       "provenance.duration_s is not between"},
      {Changed("\"duration_s\":1.0", "\"duration_s\":0"), "provenance.duration_s is 0"},
      {Changed("\"warmup_s\":0.5", "\"warmup_s\":-0.5"), "provenance.warmup_s is not between"},
      {Changed("\"rounds\":2", "\"rounds\":4000000000"), "provenance.rounds is more than 1000"},
  };
  for (const BadFile& bad : files) {
    const Result<ResultFile> file = ResultFile::Parse(bad.text);
    ASSERT_FALSE(file) << bad.error;
    EXPECT_NE(file.error().message.find(bad.error), std::string::npos) << file.error().message;
  }
}

TEST(ResultFile, SaysWhatIsWrongWithARun) {
  const std::vector<BadFile> files = {
      {Changed("\"window_ns\"", "\"window\""), "runs[0].result.window_ns is missing"},
      {Changed("\"configuration\":1", "\"configuration\":4"),
       "runs[0].configuration names no configuration"},
      {Changed("\"endpoint\":0", "\"endpoint\":9"), "runs[0].result.errors[0].endpoint names no"},
      {Changed("\"us_counts\":[", "\"us_counts\":[1,"),
       "runs[0].result.endpoints[0].latency.us_counts is no list of values"},
      {Changed("\"method\":\"id\"", "\"method\":\"luck\""), "runs[0].audit.method is no method"},
  };
  for (const BadFile& bad : files) {
    const Result<MeasuredRun> run = Parsed(bad.text).RunAt(0);
    ASSERT_FALSE(run) << bad.error;
    EXPECT_NE(run.error().message.find(bad.error), std::string::npos) << run.error().message;
  }
}

TEST(SideBySide, PutsTheFilesNameBehindNamesThatBothHave) {
  const Comparison comparison = SideBySide(Named({"x/a.json", "x/b.json"})).value();
  std::vector<std::string> names;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    names.push_back(configuration.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"defaults@a", "wal@a", "defaults@b", "wal@b"}));
  EXPECT_EQ(comparison.configurations[2].ratio.value, 1) << "the same measurement";
  EXPECT_EQ(comparison.configurations[0].measured.all.requests,
            comparison.configurations[2].measured.all.requests);
}

TEST(SideBySide, WarnsThatTheFilesWereMeasuredApart) {
  std::vector<NamedResults> results = Named({"a.json"});
  results.push_back({"b.json", Parsed(Changed("\"users\":100", "\"users\":200"))});
  const Comparison comparison = SideBySide(results).value();
  ASSERT_FALSE(comparison.warnings.empty());
  EXPECT_NE(comparison.warnings.back().find("they differ in users (100 and 200)"),
            std::string::npos)
      << comparison.warnings.back();
}

// A load of one endpoint that the sample does not have.
ResultFile OtherRun() {
  Scenario scenario;
  scenario.tasks.resize(1);
  scenario.tasks[0].name = "/other/";
  RunResult result = sample::Runs()[0].result;
  result.stats = RunStats(scenario);
  ResultWriter writer;
  writer.Add(AsMeasured(result));
  return Parsed(writer.Text(HeadOf(result)));
}

std::size_t Times(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
    ++times;
  }
  return times;
}

TEST(SideBySide, ShowsTheEndpointsOfLoadsThatDiffer) {
  for (const bool run_first : {false, true}) {
    std::vector<NamedResults> results;
    results.push_back(run_first ? NamedResults{"run", OtherRun()}
                                : NamedResults{"comparison", Parsed(SampleText())});
    results.push_back(run_first ? NamedResults{"comparison", Parsed(SampleText())}
                                : NamedResults{"run", OtherRun()});
    const Comparison comparison = SideBySide(results).value();
    const std::string text = ComparisonMarkdown(comparison);
    for (const char* title : {" GET /read/\n", " POST /write/\n", " GET /other/\n"}) {
      EXPECT_EQ(Times(text, title), 1U) << title << text;
    }
    EXPECT_FALSE(ComparisonTerminal(comparison).empty());
    EXPECT_FALSE(ComparisonPage(comparison).empty());
  }
}

TEST(SideBySide, TellsFilesApartByAsMuchOfThePathAsItTakes) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(LabelsOf({"a.json"}), (Texts{"a"}));
  EXPECT_EQ(LabelsOf({"/x/a.json", "/x/b.json"}), (Texts{"a", "b"}));
  EXPECT_EQ(LabelsOf({"/x/old/r.json", "/x/new/r.json"}), (Texts{"old/r", "new/r"}));
  EXPECT_EQ(LabelsOf({"a.json", "a.json"}), (Texts{"1", "2"}));
}

TEST(TimeSeries, JoinsSecondsWhenARunIsLong) {
  TimeSeries series;
  for (int second = 0; second < 1000; ++second) {
    series.Record(std::chrono::milliseconds(100 * second), static_cast<std::uint64_t>(second),
                  second % 2 == 1);
  }
  EXPECT_EQ(series.span_ms(), 400U);
  ASSERT_EQ(series.spans().size(), 250U);
  EXPECT_EQ(series.spans()[10].requests, 4U);
  EXPECT_EQ(series.spans()[10].failures, 2U);
  EXPECT_EQ(series.spans()[10].max_us, 43U);
  EXPECT_EQ(series.spans()[0].PercentileUs(50), 1);
}

TEST(TimeSeries, AddsAnotherRunSecondBySecond) {
  TimeSeries one;
  TimeSeries other;
  one.Record(std::chrono::milliseconds(150), 10, false);
  for (int second = 0; second < 400; ++second) {
    other.Record(std::chrono::milliseconds(100 * second), 1000, false);
  }
  one.Merge(other);
  EXPECT_EQ(one.span_ms(), 200U);
  EXPECT_EQ(one.spans()[0].requests, 3U);
  EXPECT_EQ(one.spans().size(), 200U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
