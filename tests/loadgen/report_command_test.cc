// SPDX-License-Identifier: MIT
// How `report` ends: as the measurement did.
#include <gtest/gtest.h>

#include "loadgen/commands.h"
#include "loadgen/page/comparison_page.h"
#include "loadgen/page/html_text.h"
#include "loadgen/report/comparison_report.h"
#include "loadgen/report/report_table.h"
#include "loadgen/report_files.h"
#include "loadgen/results/result_file.h"
#include "tests/loadgen/comparison_sample.h"
#include "tests/loadgen/measured_run.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

int Report(const std::string& text) {
  const testing::TempFile file("saved.json", text);
  ReportCommandFlags flags;
  flags.files = {file.path()};
  return ReportCommand(flags);
}

std::string Saved(const MeasuredRun& run) {
  ResultWriter writer;
  writer.Add(run);
  return writer.Text({ResultKind::kComparison, sample::From(), sample::Plan().configurations});
}

TEST(ReportCommand, EndsAsTheComparisonDid) {
  MeasuredRun run = sample::Run({0, 0});
  EXPECT_EQ(Report(Saved(run)), 0);
  run.audit = {AuditMethod::kById, 9, 8, 1, 0, 0, 0, "", {"write 3"}};
  EXPECT_EQ(Report(Saved(run)), 5);
}

TEST(ReportCommand, EndsWith4WhereNothingWasMeasured) {
  const MeasuredRun nothing = RunFixture({0, 0}).Measured();
  EXPECT_EQ(Report(Saved(nothing)), 4);
  ResultWriter writer;
  writer.Add(AsMeasured(nothing.result));
  EXPECT_EQ(Report(writer.Text(HeadOf(nothing.result))), 4);
}

TEST(ReportCommand, DoesNotOverwriteWhatItReads) {
  const std::string text = Saved(sample::Run({0, 0}));
  const testing::TempFile file("saved.json", text);
  ReportCommandFlags flags;
  flags.files = {file.path()};
  flags.report.json_file = file.path();
  EXPECT_EQ(ReportCommand(flags), 2);
  EXPECT_EQ(testing::ReadAll(file.path()), text);
}

TEST(MeasurementEnding, IsTheGravest) {
  Comparison comparison = sample::Built();
  EXPECT_EQ(MeasurementEnding(comparison), Ending::kGood);
  comparison.nothing_succeeded = {"wal"};
  EXPECT_EQ(MeasurementEnding(comparison), Ending::kInvalid);
  comparison.audit_failures = {"wal: 1 lost"};
  EXPECT_EQ(MeasurementEnding(comparison), Ending::kWritesLost);
  comparison.invalid = {"wal: no request ended"};
  EXPECT_EQ(MeasurementEnding(comparison), Ending::kWritesLost);
  comparison.audit_failures.clear();
  EXPECT_EQ(MeasurementEnding(comparison), Ending::kInvalid);
}

TEST(ReportCommand, EndsWith4WhereNoRequestOfARunSucceeded) {
  RunFixture run({0, 0});
  run.Read(std::chrono::milliseconds(10), std::chrono::milliseconds(1), "refused");
  const RunResult failed = run.Measured().result;
  ResultWriter writer;
  writer.Add(AsMeasured(failed));
  EXPECT_EQ(Report(writer.Text(HeadOf(failed))), 4);
}

// Not a comparison of one, with a ratio to itself.
TEST(ReportOfARun, ShowsARun) {
  const Comparison run = AsComparison(sample::Runs()[0].result);
  const std::string markdown = ComparisonMarkdown(run);
  EXPECT_TRUE(markdown.starts_with("# Load test of http://h\n\n")) << markdown;
  EXPECT_NE(markdown.find("| configuration | req/s | ok/s | failed % |"), std::string::npos);
  const std::string page = ComparisonPage(run);
  EXPECT_NE(page.find("<h1>Load test of http://h</h1>"), std::string::npos);
  for (const std::string& report : {markdown, page.substr(0, page.find("<script"))}) {
    EXPECT_NE(report.find("Verdict: VALID"), std::string::npos);
    for (const char* part :
         {"Comparison", "| ratio |", ">ratio<", "Hodges", "Wilcoxon", "audit", "Audit", "runs were",
          "warm-up", "databases on", "Pragmas", ">plan<", "| plan |", "to a connection"}) {
      EXPECT_EQ(report.find(part), std::string::npos) << part << "\n" << report;
    }
  }
}

TEST(ReportOfARun, SaysWhatItsTimesAreFrom) {
  RunResult open = sample::Runs()[0].result;
  open.open_loop.emplace();
  open.open_loop->rate = "100:1s,100..300:2s";
  const std::string at_a_rate = ComparisonMarkdown(AsComparison(open));
  EXPECT_NE(at_a_rate.find("at the rate 100:1s,100..300:2s"), std::string::npos) << at_a_rate;
  EXPECT_NE(at_a_rate.find("| load | rate 100:1s,100..300:2s over "), std::string::npos);
  RunResult replay = sample::Runs()[0].result;
  replay.replay = {0.01, 1500, 1};
  const std::string of_a_log = ComparisonMarkdown(AsComparison(replay));
  EXPECT_NE(of_a_log.find("(1 of 1500 requests of the log, at 0.01 times its speed)"),
            std::string::npos)
      << of_a_log;
  EXPECT_NE(of_a_log.find("| load | 1 of 1500 requests of the log, at 0.01 times its speed over"),
            std::string::npos);
  for (const std::string& text : {at_a_rate, of_a_log}) {
    EXPECT_EQ(text.find("closed loop"), std::string::npos);
    EXPECT_NE(text.find("from when they were due"), std::string::npos);
  }
}

TEST(ReportOfARun, SaysThatItWasInterrupted) {
  RunResult run = sample::Runs()[0].result;
  run.run_time_s = 20;
  EXPECT_EQ(ComparisonMarkdown(AsComparison(run)).find("interrupted"), std::string::npos);
  run.interrupted = true;
  const Comparison cut = AsComparison(run);
  for (const std::string& text : {ComparisonMarkdown(cut), ComparisonPage(cut)}) {
    EXPECT_NE(text.find("1 s of 20 s (interrupted)"), std::string::npos) << text;
  }
}

TEST(ReportOfARun, SaysThatNothingSucceeded) {
  RunFixture run({0, 0});
  run.Read(std::chrono::seconds(1), std::chrono::milliseconds(1), "refused");
  const Comparison failed = AsComparison(run.Measured().result);
  EXPECT_NE(ComparisonMarkdown(failed).find("**INVALID:** run: not one request succeeded"),
            std::string::npos);
  EXPECT_NE(ComparisonPage(failed).find("INVALID: run: not one request succeeded"),
            std::string::npos);
  EXPECT_EQ(MeasurementEnding(failed), Ending::kInvalid);
}

// Narrow pages would put one word on a line, beside cells that are empty.
TEST(HtmlOf, KeepsAWidthForSentences) {
  const ReportTable table{"",
                          {{"", "a", Align::kLeft}, {"", "b", Align::kLeft}},
                          {{"x", "short"}, {"x", "the generator was kept waiting for a core"}}};
  const std::string html = HtmlOf(table);
  EXPECT_NE(html.find("<td>short</td>"), std::string::npos) << html;
  EXPECT_NE(html.find("<td class=\"t\">the generator"), std::string::npos) << html;
}

// The heads of the groups stand above their own columns.
TEST(ReportTable, LeavesRoomForTheNamesOfGroups) {
  const ReportTable table{"",
                          {{"", "name", Align::kLeft},
                           {"a long group", "x", Align::kRight},
                           {"another", "y", Align::kRight},
                           {"another", "z", Align::kRight}},
                          {{"n", "1", "2", "3"}}};
  EXPECT_EQ(TextOf(table),
            "      a long group  another\n"
            "name             x  y z\n"
            "-----------------------\n"
            "n                1  2 3\n");
}

}  // namespace
}  // namespace sqlicorn::loadgen
