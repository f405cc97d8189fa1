// SPDX-License-Identifier: MIT
#include "tests/architecture/house_rules.h"

#include <gtest/gtest.h>

namespace sqlicorn::architecture {
namespace {

const std::string kSpdx = "// SPDX-License-Identifier: MIT\n";

std::vector<std::string> Judge(const std::string& path, const std::string& code) {
  return FindViolations({path, kSpdx + code});
}

struct Arrow {
  std::string from;
  std::string include;
};

TEST(RoomOf, TakesTheNearestFolder) {
  EXPECT_EQ(RoomOf("common/uv/loop.cc"), "common/uv");
  EXPECT_EQ(RoomOf("worker/sqlite/connection.h"), "worker/sqlite");
  EXPECT_EQ(RoomOf("worker/router.h"), "worker");
  EXPECT_EQ(RoomOf("common/stray.h"), "");
  EXPECT_EQ(RoomOf("workers/a.h"), "");
}

TEST(HouseRules, AllowTheArrowsOfTheHouse) {
  const std::vector<Arrow> arrows = {
      {"common/base/a.cc", "\"common/base/log.h\""},
      {"common/uv/a.cc", "\"common/base/log.h\""},
      {"common/uv/a.cc", "<uv.h>"},
      {"common/http/a.cc", "<llhttp.h>"},
      {"common/config/a.cc", "<toml++/toml.h>"},
      {"worker/sqlite/a.cc", "<sqlite3.h>"},
      {"worker/sqlite/a.cc", "\"common/config/server_config.h\""},
      {"worker/a.cc", "\"worker/sqlite/connection.h\""},
      {"worker/a.cc", "\"common/ipc/scoreboard.h\""},
      {"master/a.cc", "\"worker/run_worker.h\""},
      {"master/a.cc", "\"common/ipc/scoreboard.h\""},
      {"loadgen/a.cc", "\"loadgen/report/markdown.h\""},
      {"loadgen/report/a.cc", "\"loadgen/compare/comparison.h\""},
      {"worker/http/a.cc", "\"worker/request/dispatcher.h\""},
      {"master/start/a.cc", "\"worker/run_migration.h\""},
      {"ctl/a.cc", "\"common/control/control_protocol.h\""},
      {"loadgen/a.cc", "<vector>"},
      {"tests/a_test.cc", "\"master/worker_table.h\""},
      {"tests/a_test.cc", "<gtest/gtest.h>"},
  };
  for (const Arrow& arrow : arrows) {
    EXPECT_TRUE(Judge(arrow.from, "#include " + arrow.include + "\n").empty())
        << arrow.from << " -> " << arrow.include;
  }
}

TEST(HouseRules, RefuseEveryOtherArrow) {
  const std::vector<Arrow> arrows = {
      {"common/base/a.cc", "\"common/uv/loop.h\""},
      {"common/uv/a.cc", "\"common/http/message.h\""},
      {"common/http/a.cc", "\"common/config/value.h\""},
      {"common/ipc/a.cc", "\"common/uv/loop.h\""},
      {"common/config/a.cc", "\"worker/sqlite/pragmas.h\""},
      {"worker/sqlite/a.cc", "\"worker/router.h\""},
      {"worker/sqlite/a.cc", "\"common/config/toml.h\""},
      {"worker/a.cc", "\"master/arbiter.h\""},
      {"worker/request/a.cc", "\"worker/http/acceptor.h\""},
      {"master/fleet/a.cc", "\"master/arbiter.h\""},
      {"master/fleet/a.cc", "\"worker/run_migration.h\""},
      {"loadgen/run/a.cc", "\"loadgen/compare/comparison.h\""},
      {"ctl/a.cc", "\"master/arbiter.h\""},
      {"master/a.cc", "\"worker/router.h\""},
      {"master/a.cc", "\"worker/sqlite/connection.h\""},
      {"loadgen/a.cc", "\"common/ipc/scoreboard.h\""},
      {"loadgen/a.cc", "\"worker/router.h\""},
      {"loadgen/report/a.cc", "\"common/uv/loop.h\""},
      {"worker/a.cc", "\"tests/support/fake_clock.h\""},
      {"worker/a.cc", "\"router.h\""},
      {"worker/a.cc", "<uv.h>"},
      {"loadgen/a.cc", "<llhttp.h>"},
      {"worker/a.cc", "<sqlite3.h>"},
      {"master/a.cc", "<toml++/toml.hpp>"},
      {"common/base/a.cc", "<gtest/gtest.h>"},
  };
  for (const Arrow& arrow : arrows) {
    EXPECT_EQ(Judge(arrow.from, "#include " + arrow.include + "\n").size(), 1U)
        << arrow.from << " -> " << arrow.include;
  }
}

TEST(HouseRules, NameThePlaceAndTheRule) {
  EXPECT_EQ(Judge("common/uv/loop.cc", "\n#include \"common/ipc/scoreboard.h\"\n"),
            std::vector<std::string>{"common/uv/loop.cc:3: common/uv may not include "
                                     "\"common/ipc/scoreboard.h\" of common/ipc"});
  EXPECT_EQ(Judge("worker/a.cc", "#include <uv.h>\n"),
            std::vector<std::string>{"worker/a.cc:2: <uv.h> belongs to common/uv alone"});
}

TEST(HouseRules, KeepProcessCallsInTheMaster) {
  EXPECT_EQ(Judge("worker/a.cc", "void F() { fork(); }\n"),
            std::vector<std::string>{"worker/a.cc:2: fork() belongs to master alone"});
  EXPECT_EQ(Judge("loadgen/a.cc", "void F() { ::waitpid(1, nullptr, 0); kill(1, 2); }\n").size(),
            2U);
  EXPECT_TRUE(Judge("master/a.cc", "void F() { fork(); }\n").empty());
  EXPECT_TRUE(Judge("common/uv/a.cc", "void F() { uv_spawn(); uv_process_kill(); }\n").empty());
}

TEST(HouseRules, KeepTheWallClockOutOfDecisions) {
  EXPECT_EQ(
      Judge("worker/a.cc", "int Now() { return std::time(nullptr); }\n"),
      std::vector<std::string>{"worker/a.cc:2: time() may read a clock that jumps; use Clock"});
  EXPECT_EQ(Judge("master/a.cc", "\nauto now = std::chrono::system_clock::now();\n"),
            std::vector<std::string>{"master/a.cc:3: system_clock jumps; use Clock"});
  EXPECT_TRUE(Judge("worker/a.cc", "auto now = std::chrono::steady_clock::now();\n").empty());
  EXPECT_TRUE(Judge("common/base/log.cc", "int Now() { return std::time(nullptr); }\n").empty());
  EXPECT_TRUE(Judge("loadgen/a.cc", "int Now() { return std::time(nullptr); }\n").empty());
}

TEST(HouseRules, WantTheSpdxLineFirst) {
  EXPECT_EQ(FindViolations({"worker/a.h", "#pragma once\n" + kSpdx}).size(), 1U);
  EXPECT_EQ(FindViolations({"tests/a_test.cc", ""}).size(), 1U);
}

TEST(HouseRules, WantFilesOfThreeHundredLines) {
  EXPECT_TRUE(Judge("worker/a.cc", std::string(299, '\n')).empty());
  EXPECT_EQ(Judge("worker/a.cc", std::string(300, '\n')).size(), 1U);
}

TEST(HouseRules, WantEveryFileInARoom) {
  EXPECT_EQ(Judge("common/stray.h", "").size(), 1U);
  EXPECT_EQ(Judge("worker/sqlite.h", "").size(), 0U);
}

}  // namespace
}  // namespace sqlicorn::architecture
