// SPDX-License-Identifier: MIT
// How `run` ends where some of its requests failed.
#include <chrono>
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

struct Ended {
  int code = -1;
  std::string output;
};

// Against a server that fails every second request.
Ended RunWith(const std::vector<std::string>& flags) {
  const TempDir dir;
  Loop loop;
  const testing::ScriptedServer server(loop, [](const auto&, std::size_t number) {
    return number % 2 == 0 ? testing::Ok() : testing::Status("HTTP/1.1 503 Service Unavailable");
  });
  ChildProcess::Command command{
      {LOADGEN_PROGRAM, "run", "-t", "200ms", "--only-summary", "-H", server.url()},
      dir.File("stdout"),
      dir.File("stderr")};
  command.argv.insert(command.argv.end(), flags.begin(), flags.end());
  Ended ended;
  Timer deadline(loop, [&] { loop.Stop(); });
  deadline.Start(std::chrono::seconds(60));
  const auto program = ChildProcess::Start(loop, command, [&](ProcessExit exit) {
                         ended.code = exit.status;
                         loop.Stop();
                       }).value();
  loop.Run();
  ended.output = testing::ReadAll(dir.File("stderr"));
  return ended;
}

TEST(FailuresOfTheProgram, EndWithTheExitCodeAskedFor) {
  EXPECT_EQ(RunWith({}).code, 1);
  EXPECT_EQ(RunWith({"--exit-code-on-error", "7"}).code, 7);
  EXPECT_EQ(RunWith({"--exit-code-on-error", "0"}).code, 0);
}

TEST(FailuresOfTheProgram, EndWith3WhereAThresholdHolds) {
  const Ended ended = RunWith({"--fail-if", "failure_ratio > 1%", "--exit-code-on-error", "0"});
  EXPECT_EQ(ended.code, 3) << ended.output;
  EXPECT_TRUE(Contains(ended.output, "Shutting down (exit code 3)")) << ended.output;
}

}  // namespace
}  // namespace sqlicorn::loadgen
