// SPDX-License-Identifier: MIT
// `run --rate` and `run --find-max`, from the command line to the files.
#include <chrono>
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

using std::chrono::milliseconds;

struct Ended {
  int code = -1;
  std::string output;
  std::string json;
};

// Runs the program against a server in this process that answers what is open every ten
// milliseconds: a user has a hundred answers a second of it, and none is slower.
Ended RunOnABeat(const std::vector<std::string>& arguments, const std::string& answer) {
  const TempDir dir;
  Loop loop;
  testing::ScriptedServer server(loop, [](const auto&, auto) { return testing::Reply(); });
  std::size_t answered = 0;
  Timer beat(loop, [&] {
    if (server.requests().size() > answered) {
      answered = server.requests().size();
      server.SendToAll(answer);
    }
  });
  beat.Start(milliseconds(10), milliseconds(10));
  ChildProcess::Command command;
  command.argv = {
      LOADGEN_PROGRAM,  "run",           "-u", "1", "--only-summary", "-s", "1", "-H", server.url(),
      "--numbers-file", dir.File("json")};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.stderr_path = dir.File("stderr");
  Ended ended;
  Timer deadline(loop, [&] { loop.Stop(); });
  deadline.Start(std::chrono::seconds(60));
  const auto program = ChildProcess::Start(loop, command, [&](ProcessExit exit) {
                         ended.code = exit.status;
                         loop.Stop();
                       }).value();
  loop.Run();
  ended.output = testing::ReadAll(dir.File("stderr"));
  ended.json = testing::ReadAll(dir.File("json"));
  return ended;
}

// What stands after "met_rate": in the JSON; 0 = null.
double MetRate(const std::string& json) {
  const std::string key = "\"met_rate\": ";
  const std::size_t at = json.find(key);
  return at == std::string::npos || json.compare(at + key.size(), 4, "null") == 0
             ? 0
             : std::stod(json.substr(at + key.size()));
}

TEST(OpenLoopProgram, TellsWhatItSentAndWhatItCouldNot) {
  const Ended ended = RunOnABeat({"--rate", "poisson:300", "-t", "1"}, testing::Ok().bytes);
  EXPECT_EQ(ended.code, 4) << "three times of what its one user can send";
  EXPECT_TRUE(Contains(ended.output, "the rate was not reached")) << ended.output;
  EXPECT_TRUE(Contains(ended.output, "Open loop at poisson:300 per second")) << ended.output;
  EXPECT_TRUE(Contains(ended.json, "\"rate\": \"poisson:300\"")) << ended.json;
}

TEST(OpenLoopProgram, FindsTheGreatestRateThatMeetsAnObjective) {
  const Ended ended =
      RunOnABeat({"--find-max", "p50 < 100ms", "--rate", "20", "-t", "300ms"}, testing::Ok().bytes);
  EXPECT_TRUE(Contains(ended.output, "p50 < 100ms is met up to ")) << ended.output;
  if (ended.code == 4) {  // of a machine that is busy with other things
    EXPECT_TRUE(Contains(ended.output, " could not be told in 3 tries: ")) << ended.output;
  } else {
    EXPECT_EQ(ended.code, 0) << ended.output;
    EXPECT_GE(CountOf(ended.output, "missed\n"), 2U) << "once is not enough\n" << ended.output;
  }
  EXPECT_GT(MetRate(ended.json), 0);
  EXPECT_LE(MetRate(ended.json), 140) << "a user gets a hundred answers a second";
}

TEST(OpenLoopProgram, TakesFailingFastForNoSpeed) {
  const Ended ended = RunOnABeat({"--find-max", "p50 < 100ms", "--rate", "1", "-t", "2s"},
                                 "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(ended.code, 3) << ended.output;
  EXPECT_TRUE(Contains(ended.output, "100.0 % of the requests failed")) << ended.output;
  EXPECT_TRUE(Contains(ended.output, "p50 < 100ms was met at no rate")) << ended.output;
}

}  // namespace
}  // namespace sqlicorn::loadgen
