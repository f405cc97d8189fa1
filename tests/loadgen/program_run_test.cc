// SPDX-License-Identifier: MIT
#include "loadgen/server/program_run.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

class ProgramRunTest : public ::testing::Test {
 protected:
  // The message of the error, "" for success.
  std::string Run(const std::string& script, Duration limit = std::chrono::seconds(60)) {
    std::optional<Status> ended;
    ProgramRun run(loop_, {{"/bin/sh", "-c", script}, dir_.File("out"), dir_.File("err"), limit},
                   [&](const Status& status) { ended = status; });
    EXPECT_TRUE(run.Start());
    loop_.Run();
    return !ended ? "no end" : ended->ok() ? "" : ended->error().message;
  }

  TempDir dir_;
  Loop loop_;
};

TEST_F(ProgramRunTest, KeepsTheOutput) {
  EXPECT_EQ(Run("echo out; echo err >&2"), "");
  EXPECT_EQ(testing::ReadAll(dir_.File("out")), "out\n");
  EXPECT_EQ(testing::ReadAll(dir_.File("err")), "err\n");
}

TEST_F(ProgramRunTest, ShowsWhyItFailed) {
  EXPECT_EQ(Run("echo log >&2; echo 'Error: no such table: row' >&2; exit 3"),
            "/bin/sh failed: exit status 3\nError: no such table: row");
  EXPECT_EQ(Run("kill -9 $$"), "/bin/sh failed: signal 9\nError: no such table: row");
}

TEST_F(ProgramRunTest, IsKilledWhenItTakesTooLong) {
  EXPECT_EQ(Run("exec sleep 600", std::chrono::milliseconds(20)),
            "/bin/sh failed: no end within 20ms");
}

TEST_F(ProgramRunTest, CannotStartWhatIsNotThere) {
  ProgramRun run(loop_, {{"/nonexistent/program"}, dir_.File("out"), dir_.File("err")},
                 [](const Status&) { ADD_FAILURE(); });
  const Status started = run.Start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("/nonexistent/program"), std::string::npos);
}

TEST(TailOf, ShowsTheLastTwentyLines) {
  std::string log;
  for (int i = 1; i <= 30; ++i) {
    log += "line " + std::to_string(i) + "\n";
  }
  const std::string tail = TailOf(testing::TempFile("log", log).path());
  EXPECT_EQ(tail.substr(0, 8), "line 11\n");
  EXPECT_EQ(tail.substr(tail.size() - 8), "\nline 30");
}

TEST(TailOf, ShowsAShortLogWhole) {
  EXPECT_EQ(TailOf(testing::TempFile("log", "one\ntwo\n\n").path()), "one\ntwo");
  EXPECT_EQ(TailOf(testing::TempFile("log", "\n").path()), "");
  EXPECT_EQ(TailOf("/nonexistent/log"), "");
}

}  // namespace
}  // namespace sqlicorn::loadgen
