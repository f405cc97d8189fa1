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
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kComparison), Ending::kGood);
  comparison.nothing_succeeded = {"wal"};
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kComparison), Ending::kInvalid);
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kRun), Ending::kGood);
  comparison.audit_failures = {"wal: 1 lost"};
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kRun), Ending::kWritesLost);
  comparison.invalid = {"wal: no request ended"};
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kRun), Ending::kWritesLost);
  comparison.audit_failures.clear();
  EXPECT_EQ(MeasurementEnding(comparison, ResultKind::kRun), Ending::kInvalid);
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

TEST(ReportOfARun, SaysThatNothingSucceeded) {
  RunFixture run({0, 0});
  run.Read(std::chrono::seconds(1), std::chrono::milliseconds(1), "refused");
  const Comparison failed = AsComparison(run.Measured().result);
  EXPECT_NE(ComparisonMarkdown(failed).find("**INVALID:** run: not one request succeeded"),
            std::string::npos);
  EXPECT_NE(ComparisonPage(failed).find("INVALID: run: not one request succeeded"),
            std::string::npos);
  EXPECT_EQ(MeasurementEnding(failed, ResultKind::kRun), Ending::kGood) << "it has its own code";
  EXPECT_EQ(MeasurementEnding(failed, ResultKind::kComparison), Ending::kInvalid);
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
