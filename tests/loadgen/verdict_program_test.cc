// SPDX-License-Identifier: MIT
// Whether the program knows when its own numbers are not to be believed.
#include <sched.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
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

}  // namespace
}  // namespace sqlicorn::loadgen
