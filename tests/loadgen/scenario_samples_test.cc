// SPDX-License-Identifier: MIT
// Every sample of docs/scenarios.md, run by the program against a real server.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/matches.h"
#include "tests/support/run_program.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {
namespace {

struct Block {
  std::string language;
  std::string text;
};

// The fenced blocks of a page, in order.
std::vector<Block> BlocksOf(const std::string& path) {
  std::ifstream page(path);
  std::vector<Block> blocks;
  bool inside = false;
  std::string line;
  while (std::getline(page, line)) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) {
        blocks.push_back({line.substr(3), ""});
      }
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

// The shipped configuration, its schema, and an endpoint that answers rows.
std::string Configuration() {
  std::string text = ReadFile(SOURCE_DIR "/etc/sqlicorn.toml").value();
  const std::string schema = "\"schema.sql\"";
  text.replace(text.find(schema), schema.size(), "\"" SOURCE_DIR "/etc/schema.sql\"");
  return text +
         "\n[[endpoint]]\npath = \"/rows/\"\nparams = \"row\"\nsteps = [\"select_rows\"]\n"
         "methods = [\"GET\"]\nrespond = \"rows\"\n";
}

class Samples : public testing::Test {
 protected:
  Samples() : server_(dir_, {Configuration(), Arguments()}) {
    EXPECT_TRUE(server_.WaitUntilReady(1)) << server_.log();
  }

  [[nodiscard]] std::string LogPath() const { return dir_.File("access.log"); }

  [[nodiscard]] std::vector<std::string> Arguments() const {
    return {"-b",      "unix:" + dir_.File("s.sock"), "--workers", "1", "--access-logfile",
            LogPath(), "--access-logformat",          "json"};
  }

  ProgramEnd Run(const std::string& arguments, const std::string& environment = "") {
    return RunShell(environment + " timeout 60 " LOADGEN_PROGRAM " run --only-summary --seed 1 " +
                    arguments + " 2>&1");
  }

  ProgramEnd RunScenario(const std::string& toml, const std::string& arguments) {
    EXPECT_TRUE(WriteFile(dir_.File("s.toml"), toml).ok());
    return Run("--scenario " + dir_.File("s.toml") + " " + arguments);
  }

  TempDir dir_;
  ServerProcess server_;
};

TEST_F(Samples, OfThePageRunWithoutAFailure) {
  int scenarios = 0;
  for (const Block& block : BlocksOf(SOURCE_DIR "/docs/scenarios.md")) {
    if (block.language == "csv") {
      ASSERT_TRUE(WriteFile(dir_.File("people.csv"), block.text).ok());
      continue;
    }
    ASSERT_EQ(block.language, "toml") << block.text;
    ++scenarios;
    const ProgramEnd end =
        RunScenario(block.text, fmt::format("-t 300ms -H http://127.0.0.1:{}", server_.port()));
    EXPECT_EQ(end.exit_code, 0) << block.text << end.text;
    EXPECT_TRUE(Matches(end.text, "Aggregated +[1-9]")) << block.text << end.text;
  }
  EXPECT_GE(scenarios, 10);
}

TEST_F(Samples, AServerAtAUnixSocketIsLoadedToo) {
  std::string encoded;
  for (const char c : dir_.File("s.sock")) {
    encoded += c == '/' ? "%2F" : std::string(1, c);
  }
  for (const std::string& host : {"unix:" + dir_.File("s.sock"), "http+unix://" + encoded}) {
    const ProgramEnd end = RunScenario("[[task]]\npath = '/read/'\n", "-t 100ms -H " + host);
    EXPECT_EQ(end.exit_code, 0) << end.text;
    EXPECT_TRUE(Matches(end.text, "Aggregated +[1-9]")) << end.text;
  }
  EXPECT_EQ(RunScenario("[[task]]\npath = '/'\n", "-t 50ms -H unix:" + dir_.File("none")).exit_code,
            4);
}

TEST_F(Samples, TheAccessLogOfAServerIsSentAgain) {
  const std::string host =
      fmt::format(" --exit-code-on-error 0 -H http://127.0.0.1:{}", server_.port());
  ASSERT_EQ(Run("-t 300ms" + host).exit_code, 0);
  ASSERT_TRUE(
      WaitFor([&] { return ReadFile(LogPath()).value().find("/write/") != std::string::npos; }));
  std::filesystem::copy(LogPath(), dir_.File("copy.log"));
  const std::size_t requests = CountOf(ReadFile(dir_.File("copy.log")).value(), "\n");
  const ProgramEnd again = Run("--replay " + dir_.File("copy.log") + " --speed 2x" + host);
  EXPECT_EQ(again.exit_code, 0) << again.text;
  EXPECT_TRUE(Matches(again.text, fmt::format("Replaying {} requests", requests))) << again.text;
  EXPECT_TRUE(Matches(again.text, fmt::format("Aggregated +{} ", requests))) << again.text;
  const ProgramEnd by_file = RunScenario("replay = 'copy.log'\nspeed = 4\n", host);
  EXPECT_EQ(by_file.exit_code, 0) << by_file.text;
  EXPECT_TRUE(Matches(by_file.text, "[0-9]+ requests are left out: the log has no bodies"))
      << by_file.text;
}

TEST_F(Samples, WhatIsLocustsAloneIsRefused) {
  const std::string host = fmt::format(" -t 50ms -H http://127.0.0.1:{}", server_.port());
  EXPECT_EQ(Run("-f locustfile.py --master" + host).exit_code, 2);
  EXPECT_EQ(Run(host, "LOCUST_USERS=5").exit_code, 2);
  const ProgramEnd last = Run("-u 3 --users 2" + host);
  EXPECT_EQ(last.exit_code, 0);
  EXPECT_TRUE(Matches(last.text, "Ramping to 2 users")) << "the last of a repeated flag counts";
}

}  // namespace
}  // namespace sqlicorn
