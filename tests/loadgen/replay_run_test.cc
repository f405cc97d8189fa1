// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/scenario/access_log.h"
#include "tests/loadgen/scenario_run.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using Texts = std::vector<std::string>;

std::string LogLine(int ms, const std::string& method, const std::string& path,
                    const std::string& query) {
  std::string ms_text = std::to_string(1000 + ms).substr(1);
  return R"({"time":"2026-11-22T09:00:00.)" + ms_text + R"(+00:00","method":")" + method +
         R"(","path":")" + path + R"(","query":")" + query + R"(","duration_us":0})" + "\n";
}

TEST_F(ScenarioRun, ALogIsSentAgainAtItsTimes) {
  const testing::TempFile log("access.log", LogLine(100, "GET", "/a", "") +
                                                LogLine(130, "POST", "/w", "") +
                                                LogLine(160, "GET", "/a", "x=1&y=%20"));
  Use("[[task]]\nmethod = 'POST'\npath = '/w'\nbody = 'b'\nwrites = true\n");
  ASSERT_TRUE(LoadReplay(log.path(), 1, &scenario_).ok());
  options_.users = 10;
  options_.spawn_rate = 10;
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(Shown(), (Texts{"GET /a", "POST /w b", "GET /a?x=1&y=%20"}));
  EXPECT_EQ(reason_, StopReason::kReplayed);
  EXPECT_FALSE(result.interrupted);
  EXPECT_GE(result.duration_s, 0.055);
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), 1u);
  ASSERT_TRUE(result.replay);
  EXPECT_EQ(result.replay->requests, 3u);
  EXPECT_EQ(result.replay->sent, 3u);
}

TEST_F(ScenarioRun, ALogIsCountedWhereTheRunEndsBeforeIt) {
  const testing::TempFile log("access.log",
                              LogLine(100, "GET", "/a", "") + LogLine(101, "GET", "/b", ""));
  Use("[[task]]\npath = '/'\n");
  ASSERT_TRUE(LoadReplay(log.path(), 0.001, &scenario_).ok());
  options_.run_time = milliseconds(50);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  ASSERT_TRUE(result.replay);
  EXPECT_EQ(result.replay->speed, 0.001);
  EXPECT_EQ(result.replay->requests, 2u);
  EXPECT_EQ(result.replay->sent, 1u);
}

TEST_F(ScenarioRun, ALogIsSentLateWhereNobodyIsFree) {
  const testing::TempFile log("access.log",
                              LogLine(100, "GET", "/slow", "") + LogLine(101, "GET", "/b", ""));
  Use("[[task]]\npath = '/'\n");
  ASSERT_TRUE(LoadReplay(log.path(), 1, &scenario_).ok());
  ScriptedServer server(loop_, [](const std::string& request, auto) {
    return request.starts_with("GET /slow") ? Reply() : Ok();
  });
  Timer rest(loop_, [&] { server.SendToAll(Ok().bytes); });
  rest.Start(milliseconds(60));
  Run(server);
  EXPECT_EQ(Shown(), (Texts{"GET /slow", "GET /b"}));
  EXPECT_EQ(lateness_.requests, 1u);
  EXPECT_GE(lateness_.longest, milliseconds(40));
}

}  // namespace
}  // namespace sqlicorn::loadgen
