// SPDX-License-Identifier: MIT
#include "loadgen/results/result_checks.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/results/result_file.h"
#include "tests/loadgen/comparison_sample.h"

namespace sqlicorn::loadgen {
namespace {

std::string SampleText() {
  ResultWriter writer;
  for (const MeasuredRun& run : sample::Runs()) {
    writer.Add(run);
  }
  return writer.Text({ResultKind::kComparison, sample::From(), sample::Plan().configurations});
}

ResultFile Parsed(const std::string& text) {
  Result<ResultFile> file = ResultFile::Parse(text);
  EXPECT_TRUE(file) << file.error().message;
  return *std::move(file);
}

struct BadFile {
  std::string text;
  std::string error;
};

// Of the first run; the head has members of the same names.
std::string ChangedRun(const std::string& from, const std::string& to) {
  std::string text = SampleText();
  text.replace(text.find(from, text.find("\"runs\"")), from.size(), to);
  return text;
}

// Each of them would be a report that looks like any other, or an assertion in the numbers.
TEST(ResultChecks, RefusesNumbersThatNoRunCanHave) {
  const std::string run = "runs[0]";
  const std::string result = "runs[0].result";
  const std::string first = "runs[0].result.endpoints[0]";
  const std::vector<BadFile> files = {
      {ChangedRun("\"round\":0", "\"round\":4000000000"), run + ".round is not below"},
      {ChangedRun("\"acknowledged\":9,\"rows\":9", "\"acknowledged\":0,\"rows\":1000000000"),
       run + ".audit.rows is not acknowledged - lost"},
      {ChangedRun("\"duration_s\":1.0", "\"duration_s\":-1"),
       result + ".duration_s is not between"},
      {ChangedRun("\"duration_s\":1.0", "\"duration_s\":1e308"),
       result + ".duration_s is not between"},
      {ChangedRun("\"duration_s\":1.0", "\"duration_s\":0"), result + ".duration_s is 0"},
      {ChangedRun("\"elapsed_ns\":", "\"elapsed_ns\":-"), result + ".elapsed_ns is not between"},
      {ChangedRun("\"occurrences\":1", "\"occurrences\":9"),
       result + ".errors[0].occurrences is more than"},
      {ChangedRun("\"min_us\":", "\"min_us\":18446744073709551615,\"was\":"),
       first + ".latency.min_us is more than max_us"},
      {ChangedRun("\"max_us\":", "\"max_us\":0,\"was\":"),
       first + ".latency.min_us is more than max_us"},
      {ChangedRun("\"locust_ms_counts\":[", "\"locust_ms_counts\":[1,1,"),
       first + ".locust_ms_counts does not count"},
      {ChangedRun("\"us_counts\":[", "\"us_counts\":[1,1,"),
       first + ".latency.us_counts does not count"},
      {ChangedRun("\"writes\":false,\"requests\":", "\"writes\":false,\"requests\":0,\"was\":"),
       first + ".failures is more than requests"},
      {ChangedRun("\"span_ms\":100,\"spans\":[{\"requests\":0,\"failures\":0",
                  "\"span_ms\":100,\"spans\":[{\"requests\":0,\"failures\":1"),
       result + ".seconds.spans[0].failures is more than requests"},
      {ChangedRun("\"late\":{\"requests\":0,\"failures\":0",
                  "\"late\":{\"requests\":0,\"failures\":1"),
       result + ".late.failures is more than requests"},
  };
  for (const BadFile& bad : files) {
    const Result<MeasuredRun> read = Parsed(bad.text).RunAt(0);
    ASSERT_FALSE(read) << bad.error;
    EXPECT_NE(read.error().message.find(bad.error), std::string::npos) << read.error().message;
    EXPECT_NE(read.error().message.find("; the file was changed"), std::string::npos);
  }
}

TEST(ResultChecks, RefusesARunWithoutEndpoints) {
  const std::string mark = "\"endpoints\":[";
  std::string text = SampleText();
  const std::size_t begin = text.find(mark) + mark.size();
  text.erase(begin, text.find("],\"seconds\"", begin) - begin);
  const std::size_t errors = text.find("\"errors\":[") + 10;
  text.erase(errors, text.find("],", errors) - errors);
  const Result<MeasuredRun> read = Parsed(text).RunAt(0);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("runs[0].result.endpoints is empty"), std::string::npos)
      << read.error().message;
}

std::string ErrorOf(const std::string& text) {
  const Result<ResultFile> file = ResultFile::Parse(text);
  return file ? "nothing" : file.error().message;
}

TEST(ResultChecks, RefusesTwoRunsOfOneConfigurationInARound) {
  ResultWriter writer;
  writer.Add(sample::Run({0, 0}));
  writer.Add(sample::Run({0, 1}));
  writer.Add(sample::Run({0, 1}));
  const std::string text =
      writer.Text({ResultKind::kComparison, sample::From(), sample::Plan().configurations});
  EXPECT_TRUE(ErrorOf(text).starts_with("runs[2].round has a run of 'wal' already"))
      << ErrorOf(text);
}

TEST(ResultChecks, RefusesAFileWithoutRuns) {
  ResultWriter writer;
  const ResultHead head{ResultKind::kComparison, sample::From(), sample::Plan().configurations};
  EXPECT_EQ(ErrorOf(writer.Text(head)), "has no run: nothing was measured");
  writer.Add(FailedRun{{0, 0}, "exit status 3", {}, false, ""});
  EXPECT_EQ(ErrorOf(writer.Text(head)), "nothing") << "why it failed can be shown";
}

TEST(ResultChecks, RefusesANameThatBreaksALine) {
  std::string text = SampleText();
  const std::string name = "\"name\":\"wal\"";
  text.replace(text.find(name), name.size(), "\"name\":\"w\\nal\"");
  EXPECT_TRUE(ErrorOf(text).starts_with("configurations[1].name is not the name")) << ErrorOf(text);
}

}  // namespace
}  // namespace sqlicorn::loadgen
