// SPDX-License-Identifier: MIT
#include "loadgen/compare/comparison_builder.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "loadgen/compare/comparison_warnings.h"
#include "loadgen/stats/machine.h"
#include "tests/loadgen/builder_fixture.h"
#include "tests/loadgen/measured_run.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_F(ComparisonBuilderTest, CountsReadsAndWritesApart) {
  RunFixture run({0, 0});
  run.Read(seconds(1), milliseconds(2));
  run.Read(seconds(1), milliseconds(4));
  run.Write(seconds(1), milliseconds(8));
  run.Cause("SQLITE_BUSY");
  run.Write(seconds(1), milliseconds(16), kLocked);
  run.Cause("");
  run.Write(seconds(1), milliseconds(32), "ConnectionResetError(104, 'Connection reset by peer')");
  builder().Add(run.Measured());
  const Measurement measured = builder().Build().configurations.at(0).measured;
  EXPECT_EQ(measured.reads.requests, 2U);
  EXPECT_EQ(measured.reads.failures, 0U);
  EXPECT_DOUBLE_EQ(measured.reads.latency.max_ms, 4);
  EXPECT_EQ(measured.writes.requests, 3U);
  EXPECT_EQ(measured.writes.locked, 1U);
  EXPECT_EQ(measured.writes.other, 1U);
  EXPECT_DOUBLE_EQ(measured.writes.failure_ratio, 2.0 / 3);
  EXPECT_NEAR(measured.writes.latency.percentiles_ms[0], 16, 0.01);
  EXPECT_EQ(measured.all.requests, 5U);
  EXPECT_DOUBLE_EQ(measured.all.rps, 5);
  EXPECT_DOUBLE_EQ(measured.all.failures_per_s, 2);
  EXPECT_EQ(measured.endpoints.size(), 2U);
  EXPECT_TRUE(Warns("failures other than the lock error: 1"));
}

TEST_F(ComparisonBuilderTest, TellsLateAnswersApart) {
  RunFixture run({0, 0});
  run.Read(seconds(1), milliseconds(2));
  run.EndOfTime();
  run.Read(seconds(9), seconds(8));
  builder().Add(run.Measured());
  const Measurement measured = builder().Build().configurations.at(0).measured;
  EXPECT_DOUBLE_EQ(measured.all.rps, 1);
  EXPECT_EQ(measured.all.requests, 1U);
  EXPECT_DOUBLE_EQ(measured.all.latency.max_ms, 2);
  EXPECT_EQ(measured.late, 1U);
  EXPECT_DOUBLE_EQ(measured.longest_late_ms, 8000);
}

TEST_F(ComparisonBuilderTest, MergesHistogramsOfRoundsNotPercentiles) {
  Run({0, 0}, 99, milliseconds(1));
  Run({1, 0}, 1, milliseconds(100));
  const ConfigurationNumbers numbers = builder().Build().configurations.at(0);
  EXPECT_DOUBLE_EQ(numbers.measured.all.latency.percentiles_ms[7], 1);  // the 99th
  EXPECT_NEAR(numbers.measured.all.latency.max_ms, 100, 0.1);
  EXPECT_DOUBLE_EQ(numbers.measured.seconds, 2);
  EXPECT_DOUBLE_EQ(numbers.measured.all.rps, 50);
  ASSERT_EQ(numbers.rounds.size(), 2U);
  EXPECT_DOUBLE_EQ(numbers.rounds[0].measured.all.rps, 99);
  EXPECT_EQ(numbers.rounds[1].round, 2U);
  EXPECT_EQ(numbers.rounds[1].position, 2U);
}

TEST_F(ComparisonBuilderTest, TellsTheCostOfASuccessfulRequest) {
  for (std::uint32_t round = 0; round < 6; ++round) {
    for (std::size_t i = 0; i < 2; ++i) {
      RunFixture run({round, i});
      for (int n = 0; n < 4; ++n) {
        run.Read(seconds(1), milliseconds(1));
      }
      run.Read(seconds(1), milliseconds(1), kLocked);
      MeasuredRun measured = run.Measured();
      ServerCosts used;
      used.cpu_s = i == 0 ? 0.004 : 0.002;
      used.minor_faults = 8;
      used.switches = 2;
      used.written_bytes = round == 3 ? std::nullopt : std::make_optional<std::uint64_t>(4096);
      measured.costs = used;
      measured.database_bytes = 1000 + round;
      measured.wal_bytes = 7;
      builder().Add(measured);
    }
  }
  const Comparison comparison = builder().Build();
  const CostNumbers& costs = comparison.configurations[0].measured.costs;
  EXPECT_NEAR(costs.cpu_us.value_or(0), 1000, 1e-6);
  EXPECT_DOUBLE_EQ(costs.minor_faults.value_or(0), 2);
  EXPECT_DOUBLE_EQ(costs.switches.value_or(0), 0.5);
  EXPECT_FALSE(costs.written_bytes) << "one round did not tell";
  EXPECT_FALSE(costs.flushes);
  EXPECT_EQ(costs.database_bytes, 1005U);
  EXPECT_EQ(costs.wal_bytes, 7U);
  EXPECT_EQ(comparison.configurations[1].cpu.finding, Finding::kLess);
  EXPECT_NEAR(comparison.configurations[1].cpu.ratio, 0.5, 1e-9);
  EXPECT_EQ(comparison.configurations[1].ok_rate.finding, Finding::kAlike);
}

TEST_F(ComparisonBuilderTest, SaysOnceWhyNothingWasAudited) {
  for (std::size_t i = 0; i < 2; ++i) {
    MeasuredRun run = RunFixture({0, i}).Measured();
    run.audit.why_not = "POST /x/ updates or deletes";
    builder().Add(run);
  }
  const Comparison comparison = builder().Build();
  EXPECT_EQ(std::count(comparison.warnings.begin(), comparison.warnings.end(),
                       "not audited: POST /x/ updates or deletes"),
            1);
  EXPECT_TRUE(comparison.audit_failures.empty());
}

TEST_F(ComparisonBuilderTest, SaysWhatWasNotMeasured) {
  Run({0, 1}, 10);
  const Comparison comparison = builder().Build();
  EXPECT_EQ(comparison.not_measured, std::vector<std::string>{"slow"});
  ASSERT_EQ(comparison.configurations.size(), 1U);
  EXPECT_DOUBLE_EQ(comparison.configurations[0].ratio.value, 0);
  EXPECT_TRUE(Warns("fast: 1 of 2 rounds were measured"));
}

TEST_F(ComparisonBuilderTest, SurvivesARunWithoutAnAnswer) {
  Run({0, 0}, 0);
  Run({0, 1}, 0);
  const Comparison comparison = builder().Build();
  EXPECT_DOUBLE_EQ(comparison.configurations[1].ratio.value, 0);
  EXPECT_DOUBLE_EQ(comparison.configurations[1].measured.all.failure_ratio, 0);
}

TEST_F(ComparisonBuilderTest, TellsPragmasThatDifferFromTheOthers) {
  for (std::size_t i = 0; i < 2; ++i) {
    MeasuredRun run = RunFixture({0, i}).Measured();
    run.pragmas = {{"journal_mode", i == 0 ? "delete" : "wal"}, {"page_size", "4096"}};
    builder().Add(run);
  }
  const Comparison comparison = builder().Build();
  EXPECT_EQ(comparison.differing_pragmas, std::vector<std::string>{"journal_mode"});
  EXPECT_EQ(comparison.common_pragmas, (Pragmas{{"page_size", "4096"}}));
}

TEST_F(ComparisonBuilderTest, AddsUpErrorsByEndpointAndText) {
  for (std::uint32_t round = 0; round < 2; ++round) {
    RunFixture run({round, 0});
    run.Write(seconds(1), milliseconds(1), kLocked);
    run.Read(seconds(1), milliseconds(1), kLocked);
    builder().Add(run.Measured());
  }
  const std::vector<ErrorCount> errors = builder().Build().configurations.at(0).errors;
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].method, "POST");
  EXPECT_EQ(errors[0].occurrences, 2U);
  EXPECT_EQ(errors[1].name, "/read/");
}

TEST_F(ComparisonBuilderTest, NamesEveryFailedAudit) {
  Run({0, 0}, 1);
  MeasuredRun run = RunFixture({0, 1}).Measured();
  run.audit = {
      AuditMethod::kById, 5, 4, 1, 0, 0, 0, "", {"write 3 was acknowledged and is not there"}};
  builder().Add(run);
  EXPECT_EQ(builder().Build().audit_failures,
            std::vector<std::string>{"fast: 1 lost, 0 duplicate, 0 unexplained (5 acknowledged "
                                     "writes, 4 rows): write 3 was acknowledged and is not there"});
}

// Which run shows that the query finds rows does not matter, nor when.
TEST_F(ComparisonBuilderTest, TakesATotalLossForOneOnceTheQueryIsProven) {
  const Audit none = {AuditMethod::kById, 5, 0, 5};
  builder().AddFailed({{0, 0}, "the audit query shows none of the 5", none, true});
  Run({0, 1}, 1);
  EXPECT_TRUE(builder().Build().audit_failures.empty());
  EXPECT_TRUE(Warns("slow: round 1 failed under load: the audit query shows none of the 5"));
  MeasuredRun run = RunFixture({1, 1}).Measured();
  run.audit = {AuditMethod::kById, 5, 5};
  builder().Add(run);
  EXPECT_EQ(builder().Build().audit_failures,
            std::vector<std::string>{"slow: 5 lost, 0 duplicate, 0 unexplained (5 acknowledged "
                                     "writes, 0 rows): "});
}

TEST_F(ComparisonBuilderTest, TakesWritesThatCannotBeReadForLost) {
  Audit audit = {AuditMethod::kById, 5};
  audit.unreadable = "file is not a database";
  builder().AddFailed({{0, 0}, "file is not a database", audit, true});
  EXPECT_EQ(builder().Build().audit_failures,
            std::vector<std::string>{
                "slow: 0 lost, 0 duplicate, 0 unexplained (5 acknowledged writes, 0 rows): what it "
                "acknowledged cannot be read any more: file is not a database"});
}

TEST_F(ComparisonBuilderTest, WarnsOfWhatSpoilsTheNumbers) {
  from_.file_system = "tmpfs";
  MeasuredRun run = RunFixture({0, 0}).Measured();
  run.result.cpu_s = 0.81;  // of a second
  run.result.unanswered = 3;
  run.complaint = "the server failed: it ended with exit status 4";
  builder().Add(run);
  EXPECT_TRUE(Warns("on tmpfs, in memory"));
  EXPECT_TRUE(Warns("slow: the generator used 81 % of a core"));
  EXPECT_TRUE(Warns("slow: requests not answered within a minute, and in no other number: 3"));
  EXPECT_TRUE(Warns("slow: the server failed: it ended with exit status 4"));
}

TEST(DiskWarning, IsOfMemoryAndOfWhatIsFasterThanADisk) {
  struct Row {
    const char* file_system;
    std::optional<double> flush_ms;
    const char* warning;
  };

  for (const Row& row : {Row{"ext4", 1.2, ""}, Row{"ext4", std::nullopt, ""}, Row{"ext4", 0.02, ""},
                         Row{"tmpfs", 0.001, "on tmpfs, in memory"},
                         Row{"overlayfs", 0.001, "an fsync took 0.0010 ms on overlayfs"}}) {
    Provenance from;
    from.file_system = row.file_system;
    from.flush_ms = row.flush_ms;
    const std::string warning = DiskWarning(from);
    EXPECT_EQ(warning.empty(), *row.warning == '\0') << warning;
    EXPECT_NE(warning.find(row.warning), std::string::npos) << warning;
  }
}

TEST(FlushTime, IsTriedWhereTheFilesWillBe) {
  const TempDir dir;
  const std::optional<Duration> time = FlushTime(dir.path());
  ASSERT_TRUE(time);
  EXPECT_GT(*time, Duration::zero());
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  EXPECT_FALSE(FlushTime(dir.path() + "/missing"));
}

TEST(IsLocked, KnowsTheCausesOfALockedDatabase) {
  EXPECT_TRUE(IsLocked("SQLITE_BUSY"));
  EXPECT_TRUE(IsLocked("SQLITE_BUSY_SNAPSHOT"));
  EXPECT_FALSE(IsLocked("SQLITE_FULL"));
  EXPECT_FALSE(IsLocked("SQLITE_BUSYBODY"));
  EXPECT_FALSE(IsLocked(""));
}

}  // namespace
}  // namespace sqlicorn::loadgen
