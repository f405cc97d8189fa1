// SPDX-License-Identifier: MIT
// `sqlicorn-loadgen compare` with real servers and databases.
#include "tests/loadgen/compare_program.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "common/uv/child_process.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(CompareProgram, MeasuresAuditsAndReports) {
  ASSERT_EQ(Run("--json-file " + dir_.File("c.json") + " --markdown-file " + dir_.File("c.md") +
                " --csv " + dir_.File("c")),
            0)
      << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  ASSERT_EQ(json["configs"].size(), 2U);
  for (const auto& config : json["configs"]) {
    EXPECT_GT(config["rps"], 0) << config["name"];
    EXPECT_EQ(config["rounds"].size(), 2U);
    EXPECT_GT(config["audit"]["acknowledged"], 0);
    EXPECT_TRUE(config["audit"]["ok"]);
    EXPECT_EQ(config["failures"], 0);
  }
  EXPECT_EQ(json["configs"][0]["pragmas"]["journal_mode"], "delete");
  EXPECT_EQ(json["configs"][1]["pragmas"]["journal_mode"], "wal");
  EXPECT_TRUE(Contains(out_, "\ndefaults ")) << out_;
  EXPECT_TRUE(Contains(out_, "\nwal ")) << out_;
  EXPECT_TRUE(Contains(err_, "run 4/4, round 2: ")) << err_;
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("c.md")), "| defaults |"));
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("c_comparison.csv")), "\nwal,2,writes,"));
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
  EXPECT_FALSE(std::filesystem::exists(dir_.File("never-made.db")));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("never-made.pid")));
}

TEST_F(CompareProgram, SavesWhatReportReportsAgain) {
  const std::string saved = dir_.File("saved.json");
  ASSERT_EQ(Run("--save " + saved + " --json-file " + dir_.File("c.json")), 0) << err_;
  const std::string report = LOADGEN_PROGRAM " report " + saved + " --json-file " +
                             dir_.File("again.json") + " >" + dir_.File("again.txt");
  ASSERT_EQ(std::system(report.c_str()), 0);
  EXPECT_EQ(testing::ReadAll(dir_.File("again.txt")), out_);
  EXPECT_EQ(testing::ReadAll(dir_.File("again.json")), testing::ReadAll(dir_.File("c.json")));
}

TEST_F(CompareProgram, AsksTheServersForTheirWriteTurns) {
  Append("plan.toml",
         "[[configuration]]\nname = 'no-queue'\nset = { database.scheduler = 'none' }\n"
         "[[configuration]]\nname = 'retry'\nset = { database.scheduler = 'retry' }\n");
  ASSERT_EQ(Run("--rounds 1 --json-file " + dir_.File("c.json")), 0) << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  const auto& group = json["configs"][1]["write_turns"];
  const auto writes = json["configs"][1]["writes"]["requests"].get<double>();
  EXPECT_GT(group["turns"], 0);
  EXPECT_LE(group["turns"].get<double>(), writes * 1.1) << "those of the warm-up do not count";
  EXPECT_GE(group["batch_p50"], 1);
  EXPECT_GE(group["batch_p99"], group["batch_p50"]);
  EXPECT_LT(group["wait_p50_ms"], 1000);
  EXPECT_GE(group["hold_p50_ms"], 0);
  const auto& none = json["configs"][2]["write_turns"];
  EXPECT_EQ(none["turns"], 0);
  EXPECT_TRUE(none["batch_p50"].is_null());
  EXPECT_TRUE(none["wait_p50_ms"].is_null());
  const auto& retry = json["configs"][3]["write_turns"];
  EXPECT_TRUE(retry["batch_p50"].is_null());
  EXPECT_FALSE(retry["wait_p50_ms"].is_null());
  EXPECT_TRUE(Contains(out_, "Write turns, as the servers counted them")) << out_;
}

TEST_F(CompareProgram, MeasuresTheFirstConfigurationTwice) {
  std::string plan = testing::ReadAll(dir_.File("plan.toml"));
  plan.replace(plan.find("aa = false"), 10, "aa = true ");
  Write("plan.toml", plan);
  ASSERT_EQ(Run("--rounds 1 --duration 0.2s --json-file " + dir_.File("c.json")), 0) << err_;
  EXPECT_TRUE(Contains(err_, "run 3/3, round 1: ")) << err_;
  EXPECT_TRUE(Contains(out_, "noise floor: defaults was measured twice")) << out_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  ASSERT_EQ(json["configs"].size(), 2U);
  EXPECT_EQ(json["control"]["name"], "defaults again");
  EXPECT_GT(json["control"]["rps"], 0);
  EXPECT_EQ(json["control"]["against_first"]["ok_rate"]["finding"], "not enough rounds");
  EXPECT_TRUE(json["noise"]["ok_rate"].is_number());
  ASSERT_EQ(Run("--rounds 1 --duration 0.2s --no-aa"), 0) << err_;
  EXPECT_TRUE(Contains(err_, "run 2/2, round 1: ")) << err_;
  EXPECT_FALSE(Contains(out_, "noise floor")) << out_;
}

TEST_F(CompareProgram, TellsWhatARequestCostTheServer) {
  ASSERT_EQ(Run("--rounds 1 --only wal --json-file " + dir_.File("c.json")), 0) << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  const auto& costs = json["configs"][0]["costs"];
  EXPECT_GT(costs["cpu_us"], 1);
  EXPECT_LT(costs["cpu_us"], 1e6);
  EXPECT_GT(costs["switches"], 0);
  EXPECT_GE(costs["minor_faults"], 0);
  EXPECT_GT(costs["write_calls"], 0.5) << "half of the requests write, all are answered";
  EXPECT_GE(costs["database_bytes"], 4096);
  EXPECT_GT(costs["wal_bytes"], 0);
  EXPECT_TRUE(Contains(out_, "What each successful request cost the server")) << out_;
}

// A name too long for a unix socket.
TEST_F(CompareProgram, GoesWithoutWriteTurnsWhereTheyCannotBeHad) {
  work_ = dir_.File(std::string(100, 'x'));
  EXPECT_EQ(Run("--rounds 1 --only wal"), 0) << err_;
  EXPECT_FALSE(Contains(out_, "Write turns")) << out_;
}

TEST_F(CompareProgram, FindsAnAcknowledgedWriteThatIsNotThere) {
  Append("schema.sql",
         "CREATE TRIGGER IF NOT EXISTS loses AFTER INSERT ON note WHEN new.id = 7 "
         "BEGIN DELETE FROM note WHERE id = 7; END;\n");
  EXPECT_EQ(Run("--rounds 1 --only wal"), 5) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: wal: 1 lost, 0 duplicate, 0 unexplained")) << out_;
  EXPECT_TRUE(Contains(err_, "audit FAILED")) << err_;
  EXPECT_TRUE(Contains(err_, "kept in " + dir_.File("work"))) << err_;
  EXPECT_FALSE(LeftNothing());
}

TEST_F(CompareProgram, FindsRowsThatNobodyAskedFor) {
  Append("schema.sql",
         "CREATE TRIGGER IF NOT EXISTS doubles AFTER INSERT ON note WHEN new.id = 7 BEGIN "
         "INSERT INTO note (text) VALUES (new.text); INSERT INTO note (text) VALUES ('?'); END;\n");
  EXPECT_EQ(Run("--rounds 1 --only wal"), 5) << err_;
  EXPECT_TRUE(Contains(err_, "1 configuration, 1 round, seed 1\n")) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: wal: 0 lost, 1 duplicate, 1 unexplained")) << out_;
}

// It reads another table: nothing is lost, the plan is wrong.
TEST_F(CompareProgram, CallsAnAuditQueryThatShowsNoWriteAMistakeOfThePlan) {
  std::string plan = testing::ReadAll(dir_.File("plan.toml"));
  plan.replace(plan.find("SELECT text AS id FROM note"), 27, "SELECT name FROM sqlite_schema");
  Write("plan.toml", plan);
  EXPECT_EQ(Run("--rounds 1 --only wal"), 1) << err_;
  EXPECT_TRUE(Contains(err_, "plan.toml:10:1: the audit query shows none of the ")) << err_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(CompareProgram, DoesNotAuditRowsThatAreDeleted) {
  std::string server = testing::ReadAll(dir_.File("server.toml"));
  server.insert(server.find("[params.note]"), "clear = 'DELETE FROM note'\n");
  Write("server.toml", server +
                           "[[endpoint]]\npath = '/clear/'\nmethods = ['POST']\n"
                           "transaction = 'immediate'\nsteps = ['clear']\n");
  Append("load.toml", "[[task]]\nmethod = 'POST'\npath = '/clear/'\nwrites = 'delete'\n");
  ASSERT_EQ(Run("--rounds 1 --only wal --json-file " + dir_.File("c.json")), 0) << err_;
  EXPECT_TRUE(Contains(out_, "Warning: not audited: POST /clear/ updates or deletes")) << out_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  EXPECT_EQ(json["configs"][0]["reads"]["failures"], 0);
  EXPECT_GT(json["configs"][0]["writes"]["requests"], json["configs"][0]["reads"]["requests"]);
  EXPECT_TRUE(json["configs"][0]["endpoints"][2]["writes"]);
}

TEST_F(CompareProgram, ChecksEveryConfigurationBeforeTheFirstIsMeasured) {
  Append("plan.toml", "[[configuration]]\nname = 'bad'\nset = { server.wrokers = 1 }\n");
  EXPECT_EQ(Run(), 2);
  EXPECT_TRUE(Contains(err_, "plan.toml:18:16: configuration 'bad'")) << err_;
  EXPECT_TRUE(Contains(err_, "Error: --set server.wrokers")) << err_;
  EXPECT_FALSE(Contains(err_, "run 1/")) << err_;
  EXPECT_EQ(out_, "");
  EXPECT_TRUE(LeftNothing());
}

// A query that only fails once there is a database.
TEST_F(CompareProgram, TriesTheAuditBeforeTheFirstRun) {
  std::string plan = testing::ReadAll(dir_.File("plan.toml"));
  plan.replace(plan.find("SELECT text"), 11, "SELECT txet");
  Write("plan.toml", plan);
  EXPECT_EQ(Run(), 2);
  EXPECT_FALSE(Contains(err_, "round 1: ")) << err_;
  EXPECT_TRUE(Contains(err_, "plan.toml:10:1: the audit's query: ")) << err_;
  EXPECT_TRUE(Contains(err_, "no such column: txet")) << err_;
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(CompareProgram, NamesThePlaceOfAMistakeInThePlan) {
  Append("plan.toml", "nmae = 'x'\n");
  EXPECT_EQ(Run(), 2);
  EXPECT_TRUE(Contains(err_, dir_.File("plan.toml") + ":")) << err_;
  EXPECT_TRUE(Contains(err_, "unknown key 'nmae'")) << err_;
}

TEST_F(CompareProgram, RefusesWhatItCannotDoBeforeItStarts) {
  const std::array<std::pair<const char*, int>, 13> cases = {{
      {"--only nothing", 2},
      {"--json-file /proc/no/c.json", 6},
      {"--markdown-file /", 6},
      {"--csv /proc/self/status/c", 6},
      {"--server /nonexistent/sqlicorn", 2},
      {"--users 0", 2},
      {"--rounds x", 2},
      {"--duration 0", 2},
      {"--duration 5x", 2},
      {"--warmup -1", 2},
      {"--no-such-flag", 2},
      {"--directory /dev/null", 2},
      {"another.toml", 2},
  }};
  for (const auto& [arguments, code] : cases) {
    EXPECT_EQ(Run(arguments), code) << arguments << err_;
    EXPECT_FALSE(err_.empty()) << arguments;
    EXPECT_TRUE(LeftNothing()) << arguments;
  }
}

// Interrupts the program when it has made a file.
class Interrupted : public CompareProgram {
 protected:
  ProcessExit RunUntil(const std::string& file, int signals, int signal = SIGINT) {
    return RunAndLook("--duration 20s --only wal", file, [&](ChildProcess& program) {
      if (signals > 0) {
        program.Kill(signal);
        --signals;
      }
    });
  }
};

TEST_F(Interrupted, StopsTheServerAndCleansUp) {
  EXPECT_EQ(RunUntil("server.log", 1).status, 130) << err_;
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
  EXPECT_FALSE(Contains(err_, "failed")) << err_;
}

TEST_F(Interrupted, GivesTheLoadUp) {
  EXPECT_EQ(RunUntil("rows-before.json", 1).status, 130) << err_;
  EXPECT_TRUE(Contains(err_, "interrupted before a run was done")) << err_;
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(Interrupted, KeepsWhatTheFirstRunHadUntilThen) {
  bool told = false;
  const auto interrupt_under_load = [&](ChildProcess& program) {
    std::error_code ignored;
    if (!told && std::filesystem::file_size(Kept("sqlicorn.db-wal"), ignored) > 100'000) {
      program.Kill(SIGINT);
      told = true;
    }
  };
  const std::string saved = dir_.File("s.json");
  EXPECT_EQ(RunAndLook("--duration 20s --only wal --save " + saved, "sqlicorn.db-wal",
                       interrupt_under_load)
                .status,
            130)
      << err_;
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(Contains(err_, "run 1/2, round 1: wal was given up: interrupted; ")) << err_;
  EXPECT_EQ(RunCommand(LOADGEN_PROGRAM " report " + saved), 1) << err_;
  EXPECT_TRUE(Contains(out_, "wal: round 1 failed under load: interrupted; ")) << out_;
}

// Nothing of its own code runs then: the kernel tells its server and its sweeper.
TEST_F(Interrupted, LeavesNothingWhenItIsKilled) {
  EXPECT_EQ(RunUntil("rows-before.json", 1, SIGKILL).signal, SIGKILL) << err_;
  EXPECT_TRUE(ServersAreGone());
  EXPECT_TRUE(WaitFor([this] { return LeftNothing(); }));
}

TEST_F(Interrupted, EndsAtOnceTheSecondTime) {
  EXPECT_EQ(RunUntil("rows-before.json", 2).status, 130) << err_;
  EXPECT_TRUE(LeftNothing());
}

}  // namespace
}  // namespace sqlicorn::loadgen
