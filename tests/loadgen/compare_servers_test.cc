// SPDX-License-Identifier: MIT
// `sqlicorn-loadgen compare` with servers of all kinds: others than ours, such that fail, such
// whose workers are killed, and with databases that are prepared.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/loadgen/compare_program.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(CompareProgram, MeasuresAnyServerThatACommandStarts) {
  Append("plan.toml", "[[configuration]]\nname = 'other'\ncommand = [" + OwnServer() +
                          "]\nready_url = 'http://127.0.0.1:{port}/read/'\nstop = 'INT'\n");
  ASSERT_EQ(Run("--rounds 1 --only wal --only other --json-file " + dir_.File("c.json")), 0)
      << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  const auto& other = json["configs"][1];
  EXPECT_GT(other["ok_rps"], 0);
  EXPECT_TRUE(other["audit"]["ok"]);
  EXPECT_GT(other["audit"]["acknowledged"], 0);
  EXPECT_GT(other["costs"]["cpu_us"], 1);
  EXPECT_EQ(other["durability"]["power_cut_may_cost"], "unknown");
  EXPECT_EQ(json["configs"][0]["durability"]["crash_may_cost"], "nothing");
  EXPECT_TRUE(other["different_answers"].empty());
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(CompareProgram, NamesAConfigurationThatAnswersSomethingElse) {
  std::string rows = testing::ReadAll(dir_.File("server.toml"));
  rows.replace(rows.find("steps = [\"read\"]"), 16, "steps = [\"read\"]\nrespond = \"rows\"");
  Write("rows.toml", rows);
  Append("plan.toml",
         "[[configuration]]\nname = 'other'\ncommand = [" + OwnServer("rows.toml") + "]\n");
  ASSERT_EQ(Run("--rounds 1 --only wal --only other"), 0) << err_;
  EXPECT_TRUE(Contains(out_, "other: answers something else than the first: GET /read/: 200 with"))
      << out_;
}

TEST_F(CompareProgram, GoesOnWithTheOthersWhenOneDoesNotStart) {
  Append("plan.toml", "[[configuration]]\nname = 'broken'\ncommand = ['/bin/false']\n");
  EXPECT_EQ(Run("--json-file " + dir_.File("c.json")), 1) << err_;
  EXPECT_TRUE(Contains(err_, "broken FAILED: the server failed: it ended with exit status 1"))
      << err_;
  EXPECT_TRUE(Contains(err_, "run 5/5, round 2: ")) << err_;
  EXPECT_TRUE(Contains(out_, "not measured: broken")) << out_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  ASSERT_EQ(json["configs"].size(), 2U);
  EXPECT_EQ(json["configs"][1]["rounds"].size(), 2U);
}

// It is killed as soon as the database has grown, which it only does under load.
TEST_F(CompareProgram, AuditsWhatWasAcknowledgedBeforeAServerDied) {
  Write("dies.sh", R"sh("$@" & server=$!
while [ "$(stat -c %s "$DATABASE" 2>/dev/null || echo 0)" -lt 20000 ]; do sleep 0.02; done
kill -9 $server
wait $server
exit 9
)sh");
  Append("plan.toml", "[[configuration]]\nname = 'dies'\ncommand = ['/bin/sh', 'dies.sh', " +
                          OwnServer() + "]\nenvironment = { DATABASE = '{database}' }\n");
  EXPECT_EQ(Run("--rounds 1 --duration 20s --only dies --save " + dir_.File("s.json")), 1) << err_;
  EXPECT_TRUE(Matches(err_,
                      "; [0-9]+ requests had ended in the counted time until then, [0-9]+ "
                      "failed|; no request was answered in the counted time"))
      << err_;
  EXPECT_TRUE(Contains(err_, "dies FAILED: the server failed: it ended with exit status 9"))
      << err_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
  EXPECT_TRUE(std::filesystem::exists(Kept("rows.json"))) << "audited";
  const std::string printed = out_;
  EXPECT_EQ(RunCommand(LOADGEN_PROGRAM " report " + dir_.File("s.json")), 1) << err_;
  EXPECT_EQ(out_, printed);
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(CompareProgram, LosesNothingWhenWorkersAreKilled) {
  ASSERT_EQ(
      Run("--rounds 1 --only wal --chaos --duration 1400ms --json-file " + dir_.File("c.json")), 0)
      << err_ << out_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  EXPECT_GE(json["configs"][0]["killed_workers"], 1);
  EXPECT_TRUE(json["configs"][0]["audit"]["ok"]);
  EXPECT_GT(json["configs"][0]["audit"]["acknowledged"], 0);
  EXPECT_TRUE(Contains(out_, "workers were killed under load")) << out_;
  EXPECT_EQ(json["configs"][0]["ratio"], 0) << "speed says nothing, so a ratio of it neither";
}

TEST_F(CompareProgram, BeginsEveryRunWithACopyOfAPreparedDatabase) {
  Append("plan.toml",
         "[database]\nrows = 2000\nfill = \"INSERT INTO note (text) SELECT 'row ' || i FROM n\"\n");
  ASSERT_EQ(Run("--rounds 2 --only wal --json-file " + dir_.File("c.json")), 0) << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  for (const auto& round : json["configs"][0]["rounds"]) {
    EXPECT_GT(round["costs"]["database_bytes"], 30000);
    EXPECT_TRUE(round["audit"]["ok"]);
  }
  std::string plan = testing::ReadAll(dir_.File("plan.toml"));
  plan.replace(plan.find("(text) SELECT"), 13, "(txet) SELECT");
  Write("plan.toml", plan);
  EXPECT_EQ(Run("--rounds 1 --only wal"), 2) << err_;
  EXPECT_TRUE(Contains(err_, "plan.toml:")) << err_;
  EXPECT_TRUE(Contains(err_, "cannot prepare the database")) << err_;
}

TEST_F(CompareProgram, SendsAtARateToEveryConfiguration) {
  Append("plan.toml",
         "[[configuration]]\nname = 'wal-one'\nset = { database.pragmas.journal_mode = 'wal', "
         "database.pragmas.synchronous = 'normal', server.workers = 1 }\n");
  KeepDatabasesInMemory();
  const int code =
      Run("--rounds 1 --only wal --only wal-one --rate 400 -u 20 --duration 1s --json-file " +
          dir_.File("c.json") + " --save " + dir_.File("s.json"));
  ASSERT_TRUE(code == 0 || code == 4) << "4: the machine was busy\n" << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  for (const auto& config : json["configs"]) {
    const double due = config["open_loop"]["due"].get<double>();
    EXPECT_GT(due / config["seconds"].get<double>(), 380) << config["name"];
    EXPECT_LT(due / config["seconds"].get<double>(), 1000)
        << "some were due before: no closed loop";
    EXPECT_GT(config["requests"], 50);
    EXPECT_TRUE(config["audit"]["ok"]);
  }
  EXPECT_EQ(json["provenance"]["rate"], "400");
  EXPECT_TRUE(Contains(out_, "at the rate 400, whatever was answered (open")) << out_;
  EXPECT_TRUE(Contains(out_, "Sent at the rate\n")) << out_;
  EXPECT_TRUE(Contains(out_, "rate 400 over 20 connections, ")) << out_;
  const std::string printed = out_;
  EXPECT_EQ(RunCommand(LOADGEN_PROGRAM " report " + dir_.File("s.json")), code) << err_;
  EXPECT_EQ(out_, printed);
}

// What nothing meets, so that the search halves the rate until it gives up.
TEST_F(CompareProgram, LooksForTheGreatestRateOfEachConfiguration) {
  const int code = Run("--find-max 'max < 1us' --rate 1 --duration 100ms --warmup 0 --json-file " +
                       dir_.File("m.json") + " --csv " + dir_.File("m.csv") + " --markdown-file " +
                       dir_.File("m.md") + " --html-file " + dir_.File("m.html"));
  EXPECT_TRUE(Contains(err_, "2 configurations, looking for the greatest rate at which max < 1us"))
      << err_;
  EXPECT_TRUE(Matches(err_, "defaults +1.0/s +[0-9.]+ s +[0-9.-]+.* +missed\n")) << err_;
  // What was missed is tried again for long enough to be judged, beside whatever else runs here.
  const bool told = Matches(out_, "\nwal +- +0.5 +- +VALID +met at no rate\n");
  EXPECT_TRUE(told || Matches(out_, "\nwal +- .* INVALID .*could not be told\n")) << out_;
  EXPECT_TRUE(code == 4 || (code == 3 && told)) << code << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("m.json")));
  EXPECT_TRUE(json["find_max"]["wal"]["met_rate"].is_null());
  EXPECT_GE(json["find_max"]["wal"]["steps"].size(), 4U) << "1 and 0.5 a second, each twice";
  EXPECT_EQ(json["provenance"]["rate"], "searched from 1");
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("m.csv")), "\nwal,1,1,0."));
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("m.md")), "### Audit of the writes"));
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("m.html")), "The rates that were tried"));
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
}

// It rises where the objective is met: every run is audited, and the last rate is far above the
// first.
TEST_F(CompareProgram, RaisesTheRateAsLongAsItIsMet) {
  const int code =
      Run("--find-max 'p50 < 2s' --only wal --rate 4000 --duration 300ms --warmup 0 "
          "--json-file " +
          dir_.File("m.json"));
  EXPECT_TRUE(code == 0 || code == 4) << code << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("m.json")));
  const auto& steps = json["find_max"]["wal"]["steps"];
  ASSERT_GE(steps.size(), 2U);
  EXPECT_EQ(steps[0]["rate"], 4000);
  EXPECT_EQ(steps[1]["rate"], steps[0]["met"] ? 8000 : 4000) << "what is not met is tried again";
  EXPECT_FALSE(Contains(err_, "AUDIT FAILED")) << err_;
}

TEST_F(CompareProgram, RefusesWhatASearchCannotDo) {
  for (const char* flags : {"--rounds 2", "--budget 10s", "--until 5%", "--chaos", "--bars",
                            "--junit-file x", "--save x", "--fail-if 'p99 > 1s'"}) {
    EXPECT_EQ(Run(std::string("--find-max 'p99 < 20ms' ") + flags), 2) << flags;
    EXPECT_TRUE(Contains(err_, "--find-max: ")) << err_;
  }
  EXPECT_EQ(Run("--find-max 'ratio(rps) > 1'"), 2);
  EXPECT_EQ(Run("--find-max 'p99(/nowhere/) < 20ms'"), 2);
  EXPECT_EQ(Run("--find-max 'p99'"), 2);
}

TEST_F(CompareProgram, MeasuresForAsLongAsItsBudget) {
  ASSERT_EQ(Run("--budget 4s --duration 100ms --warmup 0 --json-file " + dir_.File("c.json")), 0)
      << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  EXPECT_TRUE(Contains(err_, "2 configurations, rounds for 4s, seed 1")) << err_;
  EXPECT_GE(json["configs"][0]["rounds"].size(), 2U);
  EXPECT_EQ(json["provenance"]["rounds"], json["configs"][0]["rounds"].size());
  EXPECT_TRUE(json["warnings"].empty()) << json["warnings"];
}

TEST_F(CompareProgram, SearchesForAConfiguration) {
  ASSERT_EQ(Tune("plan.toml --budget 6s --duration 100ms --warmup 0 --require durable --output " +
                 dir_.File("best.toml")),
            0)
      << err_;
  EXPECT_TRUE(Contains(err_, "round 1: 4 candidates\n")) << err_;
  EXPECT_TRUE(Matches(out_, "\n(Recommended|The fastest, though nothing is proven): ")) << out_;
  EXPECT_TRUE(Contains(out_, "a power cut nothing")) << out_;
  const std::string best = testing::ReadAll(dir_.File("best.toml"));
  EXPECT_TRUE(Contains(best, "[database.pragmas]\n")) << best;
  EXPECT_TRUE(Contains(best, "synchronous = \"full\"\n")) << best;
  EXPECT_TRUE(LeftNothing());
  EXPECT_TRUE(ServersAreGone());
}

TEST_F(CompareProgram, SearchesFromTheConfigurationOfAServer) {
  EXPECT_EQ(Tune("server.toml --scenario " + dir_.File("load.toml") +
                 " --users 2 --budget 3s --duration 50ms --warmup 0 --require 'max < 1us'"),
            3)
      << err_;
  EXPECT_TRUE(Contains(out_, "Nothing that was tried meets what is required")) << out_;
  EXPECT_EQ(Tune("server.toml --require 'late_sends < 1%'"), 2);
  EXPECT_TRUE(Contains(err_, "--require: 'late_sends < 1%' cannot be required")) << err_;
  EXPECT_EQ(Tune("nothing.toml"), 2);
}

}  // namespace
}  // namespace sqlicorn::loadgen
