// SPDX-License-Identifier: MIT
// What a file of --save keeps beside numbers: how servers answered, and which runs failed.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/report/comparison_report.h"
#include "loadgen/results/result_file.h"
#include "loadgen/results/side_by_side.h"
#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen {
namespace {

ResultFile Saved(const ResultWriter& writer) {
  return ResultFile::Parse(
             writer.Text({ResultKind::kComparison, sample::From(), sample::Plan().configurations}))
      .value();
}

MeasuredRun Answering(PlanStep step, std::vector<Answer> answers) {
  MeasuredRun run = sample::Run(step);
  run.answers = std::move(answers);
  return run;
}

TEST(ResultFile, KeepsWhatAnswersSomethingElse) {
  const Answer first{"GET /read/", 200, 10, 0xffff'ffff'ffff'ffff, true};
  const Answer other{"GET /read/", 200, 10, 0xffff'ffff'ffff'fffe, true};
  const ComparisonPlan plan = sample::Plan();
  ComparisonBuilder builder(plan, sample::From());
  ResultWriter writer;
  for (const std::uint32_t round : {0U, 1U}) {
    for (const MeasuredRun& run :
         {Answering({round, 0}, {first}), Answering({round, 1}, {other})}) {
      builder.Add(run);
      writer.Add(run);
    }
  }
  std::vector<NamedResults> files;
  files.push_back({"a.json", Saved(writer)});
  const Comparison read = SideBySide(files).value();
  ASSERT_EQ(read.configurations[1].different_answers,
            std::vector<std::string>{"GET /read/: 200 with 10 bytes, but not the same ones"});
  EXPECT_EQ(ComparisonTerminal(read), ComparisonTerminal(builder.Build()));
  EXPECT_EQ(ComparisonJson(read), ComparisonJson(builder.Build()));
  EXPECT_TRUE(files[0].file.RunAt(2)->answers.empty()) << "once for each configuration";
}

TEST(ResultFile, KeepsEveryRunThatFailed) {
  ResultWriter writer;
  writer.Add(FailedRun{{0, 1}, "it died", {}, true, "7 requests had ended"});
  writer.Add(sample::Run({0, 0}));
  writer.Add(FailedRun{{1, 1}, "it did not start", {}, false, ""});
  std::vector<NamedResults> files;
  files.push_back({"a.json", Saved(writer)});
  const Comparison read = SideBySide(files).value();
  ASSERT_EQ(read.failed.size(), 2U);
  EXPECT_EQ(read.failed[0].configuration, "wal");
  EXPECT_EQ(read.failed[0].round, 1U);
  EXPECT_TRUE(read.failed[0].under_load);
  EXPECT_EQ(read.failed[0].answered, "7 requests had ended");
  EXPECT_EQ(read.failed[1].why, "it did not start");
  EXPECT_NE(ComparisonMarkdown(read).find("| wal | 2 | no; given up | it did not start |"),
            std::string::npos)
      << ComparisonMarkdown(read);
  EXPECT_NE(ComparisonJson(read).find("\"why\": \"it did not start\""), std::string::npos);
}

// A file of another load has other requests in the same places.
TEST(DifferentAnswers, AreOfTheSameRequest) {
  const std::vector<Answer> one = {{"GET /a", 200, 1, 1, true}};
  const std::vector<Answer> other = {{"GET /b", 404, 2, 2, true}};
  EXPECT_TRUE(DifferentAnswers(one, other).empty());
}

// All of them would be the report.
TEST(Comparison, TellsTheFirstFewOfManyDifferences) {
  std::vector<Answer> first;
  std::vector<Answer> other;
  for (int i = 0; i < 1000; ++i) {
    first.push_back({"GET /" + std::to_string(i), 200, 1, 1, true});
    other.push_back({"GET /" + std::to_string(i), 404, 1, 1, true});
  }
  const ComparisonPlan plan = sample::Plan();
  ComparisonBuilder builder(plan, sample::From());
  builder.Add(Answering({0, 0}, first));
  builder.Add(Answering({0, 1}, other));
  for (std::uint32_t round = 0; round < 9; ++round) {
    builder.AddFailed(FailedRun{{round, 2}, "it died", {}, true, ""});
  }
  const Comparison comparison = builder.Build();
  EXPECT_EQ(comparison.configurations[1].different_answers.size(), 1000U);
  EXPECT_EQ(comparison.failed.size(), 9U);
  std::size_t answers = 0;
  std::size_t failures = 0;
  for (const std::string& warning : comparison.warnings) {
    answers += warning.find("answers something else than the first") != std::string::npos ? 1 : 0;
    failures += warning.starts_with("left-out: ") ? 1 : 0;
  }
  EXPECT_EQ(answers, 6U);
  EXPECT_EQ(failures, 6U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
