// SPDX-License-Identifier: MIT
// Which names of files the program refuses, before it measures.
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/loadgen/program.h"
#include "tests/support/temp_dir.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

TEST(NamedFilesOfTheProgram, RefusesAFileWithoutAName) {
  for (const char* arguments :
       {"run -t 50ms --save ''", "run -t 50ms --json-file ''", "run -t 50ms --csv ''",
        "run -t 50ms --logfile ''", "run -t 50ms --html-file ''", "compare p --json-file ''",
        "report r --csv ''", "tune s -o ''"}) {
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments << outcome.out;
    EXPECT_TRUE(Contains(outcome.out, "'' is the name of no file")) << arguments << outcome.out;
  }
}

TEST(NamedFilesOfTheProgram, RefusesOneFileForTwoFlagsBeforeItMeasures) {
  const TempDir dir;
  const testing::TempFile scenario("s.toml", "[[task]]\npath = '/'\n");
  const std::string x = dir.File("x");
  const std::string same = " name the same file, '";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"--save " + x + " --numbers-file " + dir.File("./x"), "--save and --numbers-file" + same},
      {"--save " + x + " --logfile " + x, "--save and --logfile" + same},
      {"--csv " + x + " --numbers-file " + x + "_stats.csv", "--csv and --numbers-file" + same},
      {"--scenario " + scenario.path() + " --save " + scenario.path(),
       "--save and --scenario" + same}};
  for (const auto& [flags, complaint] : rows) {
    const Outcome outcome = RunProgram("run -t 50ms " + flags + DeadHost());
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    EXPECT_TRUE(Contains(outcome.out, complaint)) << outcome.out;
    EXPECT_FALSE(Contains(outcome.out, "Ramping")) << outcome.out;
  }
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(x).parent_path()));
  EXPECT_TRUE(Contains(testing::ReadAll(scenario.path()), "[[task]]"));
}

TEST(NamedFilesOfTheProgram, SaysWhichFileCannotBeReported) {
  const testing::TempFile bad("bad.json", "{\n\"format\":");
  const Outcome outcome = RunProgram("report " + bad.path() + " /nonexistent/x.json");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.out, bad.path() + ": the file ends in the middle")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "/nonexistent/x.json")) << "both are told: " << outcome.out;
}

TEST(NamedFilesOfTheProgram, NamesEveryFileThatCannotBeWritten) {
  const Outcome outcome = RunProgram(
      "run -t 50ms --json-file /proc/no/a --numbers-file /proc/no/b --save /proc/no/c "
      "--html-file /proc/no/d --csv /proc/no/e --logfile /proc/no/f" +
      DeadHost());
  EXPECT_EQ(outcome.code, 6) << outcome.out;
  for (const char* file :
       {"/proc/no/a", "/proc/no/b", "/proc/no/c", "/proc/no/d", "/proc/no/e_stats.csv"}) {
    EXPECT_TRUE(Contains(outcome.out, std::string("sqlicorn-loadgen: cannot write '") + file))
        << outcome.out;
  }
  EXPECT_TRUE(Contains(outcome.out, "cannot open the log file '/proc/no/f'")) << outcome.out;
  EXPECT_FALSE(Contains(outcome.out, "Ramping")) << outcome.out;
}

TEST(NamedFilesOfTheProgram, RefusesOneResultFileTwice) {
  const testing::TempFile file("a.json", "{}");
  const std::string other =
      (std::filesystem::path(file.path()).parent_path() / "." / "a.json").string();
  const Outcome outcome = RunProgram("report " + file.path() + " " + other);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "sqlicorn-loadgen: '" + file.path() + "' and '" + other +
                             "' are one file: there is nothing to compare\n");
}

TEST(NamedFilesOfTheProgram, FindsNoMaximumWithTooFewDescriptors) {
  const Outcome outcome = RunCommandLine("ulimit -n 100; timeout 60 " LOADGEN_PROGRAM
                                         " run -u 2000 --find-max 'p99 < 1s' -t 50ms" +
                                         DeadHost());
  if (Contains(outcome.out, "/s ")) {
    GTEST_SKIP() << "may raise its own limit";
  }
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "descriptors and the limit is 100")) << outcome.out;
}

TEST(NamedFilesOfTheProgram, EndsWith2WhereMoreUsersThanDescriptorsAreAskedFor) {
  const Outcome outcome = RunCommandLine(
      "ulimit -n 100; timeout 60 " LOADGEN_PROGRAM " run -u 2000 -t 50ms" + DeadHost());
  if (outcome.code == 1 && Contains(outcome.out, "Aggregated")) {
    GTEST_SKIP() << "may raise its own limit";
  }
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "descriptors and the limit is 100")) << outcome.out;
}

TEST(NamedFilesOfTheProgram, MakesTheFolderOfEveryFile) {
  const TempDir dir;
  RunProgram("run -t 50ms --csv " + dir.File("a/run") + " --html-file " + dir.File("b/run.html") +
             " --save " + dir.File("c/d/run.json") + DeadHost());
  for (const char* file : {"a/run_stats.csv", "b/run.html", "c/d/run.json"}) {
    EXPECT_EQ(access(dir.File(file).c_str(), R_OK), 0) << file;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen