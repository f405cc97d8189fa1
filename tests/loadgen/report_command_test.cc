// SPDX-License-Identifier: MIT
// How `report` ends: as the measurement did.
#include <gtest/gtest.h>

#include "loadgen/commands.h"
#include "loadgen/report_files.h"
#include "loadgen/results/result_file.h"
#include "tests/loadgen/comparison_sample.h"
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

}  // namespace
}  // namespace sqlicorn::loadgen
