// SPDX-License-Identifier: MIT
// Servers that are not ours: what is known of them, and what is not.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/loadgen/compare_program.h"
#include "tests/support/scripted_server.h"

namespace sqlicorn::loadgen {
namespace {

bool Listens(std::uint16_t port) {
  const std::string connect = "bash -c '</dev/tcp/127.0.0.1/" + std::to_string(port) + "'";
  return std::system((connect + " 2>/dev/null").c_str()) == 0;
}

// Two servers with databases of their own: one runs already, one is started.
class Foreign : public CompareProgram {
 protected:
  Foreign() {
    port_ = testing::UnusedPort();
    const std::string own = dir_.File("already.db");
    running_ =
        ChildProcess::Start(loop_,
                            {{SERVER_PROGRAM, "-c", dir_.File("server.toml"), "-b",
                              "127.0.0.1:" + std::to_string(port_), "--set", "server.pidfile=\"\"",
                              "--set", "database.path=\"" + own + "\""},
                             dir_.File("already.log"),
                             dir_.File("already.log")},
                            [this](ProcessExit) { loop_.Stop(); })
            .value();
    std::string command = OwnServer();
    command.replace(command.find("{database}"), 10, dir_.File("started.db"));
    Write("plan.toml",
          "scenario = 'load.toml'\nusers = 4\nduration = '300ms'\nwarmup = '50ms'\nrounds = 1\n"
          "aa = false\nseed = 1\n[[configuration]]\nname = 'already'\nurl = 'http://127.0.0.1:" +
              std::to_string(port_) + "'\n[[configuration]]\nname = 'started'\ncommand = [" +
              command + "]\n");
    EXPECT_TRUE(WaitFor([this] { return Listens(port_); }));
  }

  ~Foreign() override {
    running_->Kill(SIGTERM);
    loop_.Run();
  }

  void Audited(const std::string& query) {
    Write("plan.toml", "audit = \"" + query + "\"\n" + testing::ReadAll(dir_.File("plan.toml")));
  }

  Loop loop_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> running_;
};

TEST_F(Foreign, AreMeasuredAndNotAudited) {
  Audited("SELECT text AS id FROM note");
  EXPECT_EQ(Run("--json-file " + dir_.File("c.json") + " --markdown-file " + dir_.File("c.md")), 0)
      << err_;
  EXPECT_TRUE(Contains(out_, "Warning: already: not audited: a server that runs already")) << out_;
  EXPECT_TRUE(Contains(out_, "Warning: started: not audited: neither its command")) << out_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
  EXPECT_FALSE(Contains(out_, "not measured")) << out_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  ASSERT_EQ(json["configs"].size(), 2U);
  for (const auto& config : json["configs"]) {
    EXPECT_GT(config["ok_rps"], 0);
    EXPECT_TRUE(config["audit"]["method"].is_null()) << config["audit"];
    EXPECT_TRUE(config["costs"]["database_bytes"].is_null());
    EXPECT_TRUE(config["costs"]["wal_bytes"].is_null());
  }
  EXPECT_TRUE(json["configs"][0]["costs"]["cpu_us"].is_null());
}

// Nobody counted what was acknowledged, so it is no 0.
TEST_F(Foreign, HaveDashesForWhatNobodyCounted) {
  EXPECT_EQ(Run("--markdown-file " + dir_.File("c.md")), 0) << err_;
  EXPECT_TRUE(Matches(out_, "\nalready +- +- +- +- +- +- +- +nothing +-\n")) << out_;
  EXPECT_TRUE(Matches(out_, "\nalready( +-){9}\n")) << "costs: " << out_;
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("c.md")),
                       "| already | - | - | - | - | - | - | - | nothing | - |"));
}

// As `run` does, and locust.
TEST_F(CompareProgram, MakesTheFolderOfItsTable) {
  EXPECT_EQ(Run("--rounds 1 --only wal --csv " + dir_.File("new/folder/t")), 0) << err_;
  EXPECT_TRUE(std::filesystem::exists(dir_.File("new/folder/t_comparison.csv")));
}

// Its end waits for a process that goes on.
TEST_F(CompareProgram, DoesNotMeasureARoundInWhichTheServerDied) {
  Write("dies.sh", R"sh((trap '' TERM; exec sleep 4) & "$@" & server=$!
while [ "$(stat -c %s "$DATABASE" 2>/dev/null || echo 0)" -lt 20000 ]; do sleep 0.02; done
kill -9 $server
exit 9
)sh");
  Append("plan.toml", "[[configuration]]\nname = 'dies'\ncommand = ['/bin/sh', 'dies.sh', " +
                          OwnServer() + "]\nenvironment = { DATABASE = '{database}' }\n");
  EXPECT_EQ(
      Run("--rounds 1 --duration 1400ms --only dies --only wal --json-file " + dir_.File("c.json")),
      1)
      << err_;
  EXPECT_TRUE(Contains(err_, "dies FAILED: the server died under load")) << err_;
  EXPECT_TRUE(Contains(out_, "not measured: dies")) << out_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
  EXPECT_TRUE(ServersAreGone());
}

}  // namespace
}  // namespace sqlicorn::loadgen
