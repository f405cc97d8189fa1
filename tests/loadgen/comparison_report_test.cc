// SPDX-License-Identifier: MIT
// The reports of one small comparison, compared with the files in golden/. To make those anew after
// an intended change, run with GOLDEN_UPDATE=1 and read the difference.
#include "loadgen/report/comparison_report.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/report/number_text.h"
#include "loadgen/report/progress_line.h"
#include "tests/loadgen/comparison_sample.h"
#include "tests/loadgen/golden.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::seconds;

Comparison Sample() {
  return sample::Built();
}

void ExpectGolden(const std::string& name, const std::string& text) {
  if (std::getenv("GOLDEN_UPDATE") != nullptr) {
    std::ofstream(std::string(GOLDEN_DIR) + "/" + name) << text;
  }
  EXPECT_EQ(text, golden::Text(name));
}

std::size_t LongestLine(const std::string& text) {
  std::size_t longest = 0;
  for (const std::string& line : golden::Split(text, "\n")) {
    longest = std::max(longest, line.size());
  }
  return longest;
}

TEST(ComparisonReport, SaysTheSameOfTooFewRoundsInAllForms) {
  const Comparison comparison = Sample();
  const auto json = JsonOf(ComparisonJson(comparison));
  const auto& rate = json["configs"][1]["against_first"]["ok_rate"];
  EXPECT_EQ(rate["finding"], "not enough rounds");
  EXPECT_NEAR(rate["ratio"], 40, 1e-9);
  for (const char* unknown : {"low", "high", "p"}) {
    EXPECT_TRUE(rate[unknown].is_null()) << unknown;
  }
  for (const std::string& text : {ComparisonTerminal(comparison), ComparisonMarkdown(comparison),
                                  ComparisonCsv(comparison)}) {
    EXPECT_NE(text.find("not enough rounds"), std::string::npos);
  }
}

TEST(ComparisonReport, TellsTheNoiseFloorAsAnInterval) {
  Comparison comparison = Sample();
  ConfigurationNumbers control = comparison.configurations.front();
  control.ok_rate = {Finding::kAlike, 12, 0.997, 0.917, 1.093, 0.7};
  control.cpu = {Finding::kTooFewRounds, 2, 1.25, 1.2, 1.3, 1};
  comparison.control = control;
  const std::string text = ComparisonMarkdown(comparison);
  EXPECT_NE(text.find("defaults was measured twice and came out as 0.997 (0.917 to 1.093) times "
                      "itself in ok/s, and as 1.250 (an interval wants more rounds) times in CPU"),
            std::string::npos)
      << text;
}

TEST(ComparisonReport, IsGoldenOnTheTerminal) {
  ExpectGolden("comparison.txt", ComparisonTerminal(Sample()));
}

TEST(ComparisonReport, IsGoldenInMarkdown) {
  ExpectGolden("comparison.md", ComparisonMarkdown(Sample()));
}

TEST(ComparisonReport, IsGoldenInCsv) {
  ExpectGolden("comparison.csv", ComparisonCsv(Sample()));
}

// Names of full length and the widest numbers that are to be expected.
TEST(ComparisonReport, FitsTheTerminal) {
  Comparison comparison = Sample();
  for (ConfigurationNumbers& configuration : comparison.configurations) {
    configuration.name = std::string(kMaxNameLength, 'x');
    configuration.ratio.value = 999.99;
    Measurement& measured = configuration.measured;
    measured.all.rps = measured.all.failures_per_s = 999'999;
    measured.all.failure_ratio = 1;
    for (Numbers* numbers : {&measured.reads, &measured.writes}) {
      numbers->latency.percentiles_ms.fill(29'999);
      numbers->latency.max_ms = 29'999;
    }
    measured.audit.lost = 1;
  }
  EXPECT_LE(LongestLine(ComparisonTerminal(comparison)), 120U);
}

TEST(ComparisonReport, IsLoudAboutAFailedAudit) {
  Comparison comparison = Sample();
  comparison.configurations[0].measured.audit.lost = 1;
  comparison.audit_failures = {"defaults: 1 lost"};
  const std::string text = ComparisonTerminal(comparison);
  EXPECT_NE(text.find("\nAUDIT FAILED: defaults: 1 lost\n"), std::string::npos);
  EXPECT_NE(text.find("FAILED\n"), std::string::npos);
  EXPECT_NE(ComparisonMarkdown(comparison).find("**AUDIT FAILED:** defaults: 1 lost\n"),
            std::string::npos);
}

// Its writes are audited too, and a loss is a loss.
TEST(ComparisonReport, HasTheAuditOfTheFirstOnceMore) {
  Comparison comparison = Sample();
  comparison.control = comparison.configurations.front();
  comparison.control->name = "defaults again";
  comparison.control->measured.audit.lost = 1;
  for (const std::string& text : {ComparisonTerminal(comparison), ComparisonMarkdown(comparison)}) {
    const std::size_t at = text.find("defaults again", text.find("Audit of the writes"));
    ASSERT_NE(at, std::string::npos) << text;
    EXPECT_NE(text.substr(at, text.find('\n', at) - at).find("FAILED"), std::string::npos) << text;
  }
}

TEST(ComparisonReport, SaysWhetherItCanBeBelieved) {
  Comparison comparison = Sample();
  EXPECT_NE(ComparisonTerminal(comparison).find("\nVerdict: VALID\n"), std::string::npos);
  EXPECT_NE(ComparisonTerminal(comparison).find("Whether the numbers can be believed"),
            std::string::npos);
  comparison.invalid = {"wal: it slept"};
  const std::string text = ComparisonTerminal(comparison);
  EXPECT_NE(text.find("\nVerdict: INVALID: wal: it slept\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Verdict: VALID"), std::string::npos);
}

TEST(ComparisonReport, SaysWhenNothingWasMeasured) {
  EXPECT_EQ(ComparisonTerminal(Comparison()).find(" of a core"), std::string::npos);
  const std::string text = ComparisonTerminal(Comparison());
  EXPECT_EQ(text.substr(0, 31), "No configuration was measured.\n");
  EXPECT_NE(ComparisonMarkdown(Comparison()).find("No configuration was measured."),
            std::string::npos);
}

TEST(ComparisonReport, TellsTheSameInJson) {
  const auto json = JsonOf(ComparisonJson(Sample()));
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["provenance"]["seed"], 42);
  EXPECT_EQ(json["provenance"]["order"][0][0], "wal");
  ASSERT_EQ(json["configs"].size(), 2U);
  const auto& config = json["configs"][0];
  EXPECT_EQ(config["name"], "defaults");
  EXPECT_EQ(config["rps"], 40.0);
  EXPECT_EQ(config["failures"], 2);
  EXPECT_EQ(config["failure_ratio"], 0.025);
  EXPECT_EQ(config["reads"]["requests"], 60);
  EXPECT_EQ(config["writes"]["locked"], 2);
  EXPECT_EQ(config["writes"]["percentiles_ms"]["100"], 5000.0);
  EXPECT_EQ(config["audit"]["acknowledged"], 18);
  EXPECT_EQ(config["audit"]["rows"], 18);
  EXPECT_EQ(config["audit"]["lost"], 0);
  EXPECT_EQ(config["audit"]["duplicates"], 0);
  EXPECT_EQ(config["audit"]["unexplained"], 0);
  EXPECT_EQ(config["pragmas"]["journal_mode"], "delete");
  EXPECT_EQ(config["set"]["database.pragmas.journal_mode"], "\"delete\"");
  EXPECT_EQ(config["endpoints"].size(), 2U);
  EXPECT_EQ(config["errors"][0]["occurrences"], 2);
  ASSERT_EQ(config["rounds"].size(), 2U);
  EXPECT_EQ(config["rounds"][0]["position"], 2);
  EXPECT_EQ(config["rounds"][1]["reads"]["requests"], 30);
  EXPECT_EQ(json["not_measured"][0], "left-out");
  EXPECT_TRUE(json["thresholds"].empty());
}

TEST(ComparisonReport, TellsTheThresholdsInJson) {
  Comparison comparison = Sample();
  comparison.thresholds = {{"rps < 100", "defaults", 40, "40 per second", true},
                           {"p99 > 1s", "wal", {}, "not measured", false}};
  const auto thresholds = JsonOf(ComparisonJson(comparison))["thresholds"];
  ASSERT_EQ(thresholds.size(), 2U);
  EXPECT_EQ(thresholds[0]["fail_if"], "rps < 100");
  EXPECT_EQ(thresholds[0]["value"], 40);
  EXPECT_EQ(thresholds[0]["failed"], true);
  EXPECT_TRUE(thresholds[1]["value"].is_null());
  EXPECT_EQ(thresholds[1]["failed"], true) << "what was not measured does not pass";
}

TEST(ComparisonReport, TellsTheWriteTurnsInJson) {
  const auto json = JsonOf(ComparisonJson(Sample()));
  EXPECT_EQ(json["configs"][0]["write_turns"]["turns"], 0);
  EXPECT_TRUE(json["configs"][0]["write_turns"]["batch_p50"].is_null());
  const auto& both_rounds = json["configs"][1]["write_turns"];
  EXPECT_EQ(both_rounds["turns"], 42);
  EXPECT_EQ(both_rounds["batch_p50"], 3.0);
  EXPECT_EQ(both_rounds["batch_p99"], 22.5);
  EXPECT_EQ(both_rounds["wait_p50_ms"], 0.272);
  EXPECT_EQ(both_rounds["wait_p99_ms"], 7.936);
  EXPECT_EQ(both_rounds["hold_p99_ms"], 0.6715);
  EXPECT_EQ(json["configs"][1]["rounds"][0]["write_turns"]["turns"], 21);
}

TEST(ComparisonReport, SaysNothingOfTurnsWhereThereAreNone) {
  Comparison comparison = Sample();
  comparison.configurations[1].measured.turns = {};
  EXPECT_EQ(ComparisonTerminal(comparison).find("urns"), std::string::npos);
}

TEST(ComparisonReport, HasNoAuditInJsonWhereNoneWasMade) {
  Comparison comparison = Sample();
  comparison.configurations[0].measured.audit = Audit();
  const auto json = JsonOf(ComparisonJson(comparison));
  EXPECT_TRUE(json["configs"][0]["audit"].is_null());
}

TEST(NumberText, FitsTheSizeOfTheNumber) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1000), "1,000");
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(RateText(0), "0.0");
  EXPECT_EQ(RateText(99.94), "99.9");
  EXPECT_EQ(RateText(12345.6), "12,346");
  EXPECT_EQ(MsText(0.123), "0.12");
  EXPECT_EQ(MsText(9.996), "10.0");
  EXPECT_EQ(MsText(99.96), "100");
  EXPECT_EQ(MsText(12345.6), "12346");
  EXPECT_EQ(PercentText(0), "0.00");
  EXPECT_EQ(PercentText(0.00001), "<0.01");
  EXPECT_EQ(PercentText(1), "100.00");
  EXPECT_EQ(RatioText(0), "-");
  EXPECT_EQ(RatioText(1.234), "1.23");
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(Wrapped("one two three", 7, 2), "one two\n  three\n");
  EXPECT_EQ(Wrapped("one two", 7, 2), "one two\n");
  EXPECT_EQ(Wrapped("abcdefghij", 4, 1), "abcd\n efg\n hij\n");
  EXPECT_EQ(Wrapped("", 4, 1), "\n");
}

TEST(PlanProgress, FitsTheTerminal) {
  PlanProgress progress;
  progress.estimate = {0.255, seconds(65)};
  progress.run = 4;
  progress.runs = 15;
  progress.configuration = "immediate";
  progress.phase = "under load";
  EXPECT_EQ(PlanProgressLine(progress, 200),
            "[====            ]  26% ETA 1:05  4/15 immediate under load");
  progress.estimate.left = std::chrono::hours(1) + seconds(5);
  progress.requests_per_s = 12345;
  progress.failure_ratio = 0.5;
  EXPECT_EQ(PlanProgressLine(progress, 200),
            "[====            ]  26% ETA 1:00:05  4/15 immediate under load  12,345 req/s, 50.00% "
            "failed");
  EXPECT_EQ(PlanProgressLine(progress, 20).size(), 20U);
  EXPECT_EQ(PlanProgressLine(progress, 0), "");
}

TEST(PlanProgress, LeavesALineForEveryRun) {
  const Comparison comparison = Sample();
  EXPECT_EQ(RunDoneLine(15, "wal", comparison.configurations[1].rounds[0]),
            "run  1/15, round 1: wal                   1,561 req/s  failed  0.06 %  audit ok\n");
}

}  // namespace
}  // namespace sqlicorn::loadgen
