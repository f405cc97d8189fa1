// SPDX-License-Identifier: MIT
// Where the program writes: files, pipes, devices and the standard streams, whole, full or closed.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "common/base/unique_fd.h"
#include "tests/loadgen/answering_server.h"
#include "tests/loadgen/program.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

TEST(Program, SaysWhereItCannotWrite) {
  for (const char* flag :
       {"--json-file", "--numbers-file", "--logfile", "--csv", "--save", "--markdown-file"}) {
    const Outcome outcome =
        RunProgram(std::string("run -t 50ms ") + flag + " /proc/no/such" + DeadHost());
    EXPECT_EQ(outcome.code, 6) << flag;
    EXPECT_TRUE(Contains(outcome.out, "/proc/no")) << flag << outcome.out;
    EXPECT_FALSE(Contains(outcome.out, "Ramping")) << flag << outcome.out;
  }
}

TEST(Program, KeepsItsReportWhereTheDiskIsFull) {
  const TempDir dir;
  const std::string run =
      "run -t 50ms --json-file /dev/full --logfile /dev/full --csv " + dir.File("x");
  const AnsweringServer server;
  EXPECT_EQ(RunProgram(run + " -H " + server.url()).code, 6);
  const Outcome outcome = RunProgram(run + DeadHost());
  EXPECT_EQ(outcome.code, 4) << "that nothing was measured is graver";
  EXPECT_TRUE(Contains(outcome.out, "cannot write '/dev/full': write: No space left on device"));
  EXPECT_TRUE(Contains(outcome.out, "cannot write the log file '/dev/full': No space left"));
  EXPECT_TRUE(Contains(outcome.out, "Error report")) << outcome.out;
  EXPECT_TRUE(Contains(testing::ReadAll(dir.File("x_failures.csv")), "ConnectionRefusedError"));
}

TEST(Program, EndsWith6WhereStandardErrorIsFull) {
  const AnsweringServer server;
  const Outcome outcome =
      RunCommandLine("sh -c 'timeout 60 " LOADGEN_PROGRAM " run -t 50ms --only-summary -H " +
                     server.url() + " 2>/dev/full'");
  EXPECT_EQ(outcome.code, 6) << outcome.out;
}

TEST(Program, RefusesALogFileThatIsAPipeWithoutAReader) {
  const TempDir dir;
  ASSERT_EQ(mkfifo(dir.File("log").c_str(), 0600), 0);
  const Outcome outcome = RunProgram("run -t 50ms --logfile " + dir.File("log") + DeadHost());
  EXPECT_EQ(outcome.code, 6);
  EXPECT_EQ(outcome.out, "sqlicorn-loadgen: cannot open the log file '" + dir.File("log") +
                             "': it is a pipe that nobody reads\n");
}

TEST(Program, WritesItsLogIntoAPipe) {
  const TempDir dir;
  const std::string log = dir.File("log");
  ASSERT_EQ(mkfifo(log.c_str(), 0600), 0);
  const UniqueFd reader(open(log.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  RunProgram("run -t 50ms --only-summary --logfile " + log + DeadHost());
  std::string text(65536, '\0');
  const ssize_t size = read(reader.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  EXPECT_TRUE(Contains(text, "Shutting down (exit code 4)")) << text;
}

// The pipe's reader stays and reads nothing.
TEST(Program, GivesALogUpThatTakesNothingMore) {
  const TempDir dir;
  const std::string log = dir.File("log");
  ASSERT_EQ(mkfifo(log.c_str(), 0600), 0);
  const UniqueFd reader(open(log.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  const std::string filling(4096, 'x');
  while (write(reader.get(), filling.data(), filling.size()) > 0) {
  }
  const AnsweringServer server;
  const Outcome outcome =
      RunProgram("run -t 50ms --only-summary --logfile " + log + " -H " + server.url());
  EXPECT_EQ(outcome.code, 6);
  EXPECT_TRUE(Contains(outcome.out, "cannot write the log file '" + log + "'")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "Aggregated")) << outcome.out;
}

TEST(Program, ShowsControlCharactersOfNames) {
  const testing::TempFile file("s.toml",
                               "[[task]]\npath = \"/x\"\nname = \"\\u001b[31m/x\\u009b1m\"\n");
  const Outcome outcome =
      RunProgram("run -t 50ms --only-summary --scenario " + file.path() + DeadHost());
  EXPECT_TRUE(Contains(outcome.out, "\\x1b[31m/x\\xc2\\x9b1m")) << outcome.out;
  EXPECT_FALSE(Contains(outcome.out, "\x1b"));
}

TEST(Program, MakesTheFoldersOfItsCsvFilesAsLocustDoes) {
  const TempDir dir;
  RunProgram("run -t 50ms --only-summary --csv " + dir.File("a/b/x") + DeadHost());
  EXPECT_TRUE(Contains(testing::ReadAll(dir.File("a/b/x_stats.csv")), "Aggregated"));
}

TEST(Program, WritesIntoADeviceAndIntoAnOpenDescriptor) {
  EXPECT_EQ(RunProgram("run -t 50ms --json-file /dev/null" + DeadHost()).code, 4);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const Outcome outcome = RunProgram("run -t 50ms --numbers-file /dev/fd/1" + DeadHost());
  EXPECT_TRUE(Contains(outcome.out, "Error report"));
  EXPECT_TRUE(Contains(outcome.out, "\"longest_gap_ms\""));
}

TEST(Program, KeepsTheTablesOutOfTheLogFile) {
  const TempDir dir;
  const std::string log = dir.File("log");
  const Outcome outcome = RunProgram("run -t 50ms --logfile " + log + DeadHost());
  EXPECT_TRUE(Contains(testing::ReadAll(log), "Shutting down"));
  EXPECT_FALSE(Contains(testing::ReadAll(log), "Aggregated"));
  EXPECT_TRUE(Contains(outcome.out, "Aggregated"));
  EXPECT_FALSE(Contains(outcome.out, "Shutting down"));
}

// As it is where a service manager or a script has closed them.
TEST(Program, EndsWellWithoutStandardStreams) {
  for (const char* closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
    const Outcome outcome =
        RunCommandLine("sh -c 'timeout 60 " LOADGEN_PROGRAM " run -t 50ms --only-summary" +
                       DeadHost() + " " + closed + "'");
    EXPECT_EQ(outcome.code, 4) << closed << outcome.out;
  }
}

// The report would be nowhere, and nobody would know.
TEST(Program, SaysThatItsStandardOutputIsClosed) {
  const AnsweringServer server;
  const Outcome outcome =
      RunCommandLine("sh -c 'timeout 60 " LOADGEN_PROGRAM " run -t 50ms --only-summary --json -H " +
                     server.url() + " >&-'");
  EXPECT_EQ(outcome.code, 6) << outcome.out;
}

}  // namespace
}  // namespace sqlicorn::loadgen
