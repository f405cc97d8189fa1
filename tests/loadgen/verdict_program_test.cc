// SPDX-License-Identifier: MIT
// Whether the program knows when its own numbers are not to be believed.
#include <sched.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "tests/support/matches.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

int FirstCore() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof(cores), &cores);
  int first = 0;
  while (!CPU_ISSET(first, &cores)) {
    ++first;
  }
  return first;
}

// Beside a program that never rests and comes before it, on the same core.
TEST(VerdictOfTheProgram, IsInvalidWhereItWasStarved) {
  const TempDir dir;
  const std::string core = std::to_string(FirstCore());
  Loop loop;
  testing::ScriptedServer server(loop, [](const auto&, auto) { return testing::Ok(); });
  const ChildProcess::Command rival{
      {"taskset", "-c", core, "sh", "-c", "while :; do :; done"}, dir.File("out"), dir.File("err")};
  const auto busy = ChildProcess::Start(loop, rival, [](ProcessExit) {}).value();
  const ChildProcess::Command starved{
      {"taskset", "-c", core, "nice", "-n", "19", LOADGEN_PROGRAM, "run", "-u", "4", "-r", "4",
       "-t", "2", "--only-summary", "-H", server.url()},
      dir.File("stdout"),
      dir.File("stderr")};
  std::optional<ProcessExit> exit;
  Timer deadline(loop, [&] { loop.Stop(); });
  deadline.Start(std::chrono::seconds(60));
  const auto program = ChildProcess::Start(loop, starved, [&](ProcessExit ended) {
                         exit = ended;
                         loop.Stop();
                       }).value();
  loop.Run();
  busy->Kill(SIGKILL);
  const std::string output = testing::ReadAll(dir.File("stderr"));
  ASSERT_TRUE(exit.has_value()) << output;
  EXPECT_EQ(exit->status, 4) << output;
  EXPECT_NE(output.find("Verdict: INVALID: the generator was kept waiting for a core"),
            std::string::npos)
      << output;
}

struct Stopped {
  std::optional<ProcessExit> exit;
  std::string output;
};

// Runs the program against a server that answers at once, and stops it for 600 ms when it has sent
// fifty requests.
Stopped RunAndStop(const std::vector<std::string>& flags) {
  const TempDir dir;
  Loop loop;
  Stopped stopped;
  std::unique_ptr<ChildProcess> program;
  Timer go_on(loop, [&] { program->Kill(SIGCONT); });
  testing::ScriptedServer server(loop, [&](const auto&, std::size_t number) {
    if (number == 50) {
      program->Kill(SIGSTOP);
      go_on.Start(std::chrono::milliseconds(600));
    }
    return testing::Ok();
  });
  ChildProcess::Command command{
      {LOADGEN_PROGRAM, "run", "-t", "2", "--only-summary", "-H", server.url()},
      dir.File("stdout"),
      dir.File("stderr")};
  command.argv.insert(command.argv.end(), flags.begin(), flags.end());
  Timer deadline(loop, [&] { loop.Stop(); });
  deadline.Start(std::chrono::seconds(60));
  program = ChildProcess::Start(loop, command, [&](ProcessExit ended) {
              stopped.exit = ended;
              loop.Stop();
            }).value();
  loop.Run();
  stopped.output = testing::ReadAll(dir.File("stderr"));
  return stopped;
}

TEST(VerdictOfTheProgram, IsInvalidWhereItWasStopped) {
  const Stopped stopped = RunAndStop({"-u", "1"});
  ASSERT_TRUE(stopped.exit.has_value()) << stopped.output;
  EXPECT_EQ(stopped.exit->status, 4) << stopped.output;
  EXPECT_TRUE(Matches(stopped.output, "Verdict: INVALID: .*the generator stood still for 0\\.[56]"))
      << stopped.output;
}

// Sixty requests were due meanwhile.
TEST(VerdictOfTheProgram, BlamesNoUserForWhatItSlept) {
  const Stopped stopped = RunAndStop({"--rate", "100", "-u", "1"});
  ASSERT_TRUE(stopped.exit.has_value()) << stopped.output;
  EXPECT_EQ(stopped.exit->status, 4) << stopped.output;
  EXPECT_TRUE(Contains(stopped.output, "the generator stood still for 0.")) << stopped.output;
  EXPECT_TRUE(Matches(stopped.output, "late by the generator ([5-9][0-9]|1[0-9]{2}) "))
      << stopped.output;
}

}  // namespace
}  // namespace sqlicorn::loadgen
