// SPDX-License-Identifier: MIT
// What a comparison makes of servers that answer nothing, write nothing, or spoil their database.
#include <sys/resource.h>

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/loadgen/compare_program.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kHead =
    "server = 'server.toml'\nscenario = 'load.toml'\nusers = 4\nduration = '300ms'\n"
    "warmup = '50ms'\nrounds = 2\nseed = 1\n";

// Nobody listens on port 1.
constexpr const char* kDead = "[[configuration]]\nname = 'dead'\nurl = 'http://127.0.0.1:1'\n";
constexpr const char* kOurs = "[[configuration]]\nname = 'ours'\n";

TEST_F(CompareProgram, TellsNoRatioToAFirstThatAnswersNothing) {
  Write("plan.toml", std::string(kHead) + kDead + kOurs);
  EXPECT_EQ(Run(), 4) << err_;
  EXPECT_TRUE(Contains(out_, "INVALID: dead: not one request succeeded")) << out_;
  EXPECT_FALSE(Contains(out_, "answers something else than the first")) << out_;
  EXPECT_FALSE(Contains(out_, "noise floor")) << out_;
  EXPECT_FALSE(Contains(out_, "ours: not one")) << out_;
}

TEST_F(CompareProgram, IsInvalidWhereEveryRequestFailed) {
  Write("load.toml", "[[task]]\npath = '/nowhere/'\n");
  EXPECT_EQ(Run("--rounds 1 --only wal"), 4) << err_;
  EXPECT_TRUE(Contains(out_, "INVALID: wal: not one request succeeded")) << out_;
}

TEST_F(CompareProgram, DoesNotPassARatioOfWhatFailed) {
  Write("plan.toml", std::string(kHead) + kOurs +
                         "[[configuration]]\nname = 'broken'\ncommand = ['/bin/false']\n");
  EXPECT_EQ(Run("--rounds 1 --fail-if 'ratio(ok_rps) < 0'"), 3) << err_;
  EXPECT_TRUE(Contains(err_, "FAILED --fail-if 'ratio(ok_rps) < 0': broken: not measured")) << err_;
  EXPECT_EQ(Run("--rounds 1 --only ours --fail-if 'ratio(ok_rps) < 0'"), 2) << err_;
  EXPECT_TRUE(Contains(err_, "one configuration alone has no ratio")) << err_;
}

TEST_F(CompareProgram, RefusesAPlanWithNothingToCompare) {
  Write("plan.toml", std::string(kHead) + "configuration = []\n");
  EXPECT_EQ(Run(), 2) << err_;
  EXPECT_TRUE(Contains(err_, "plan.toml:8:1: 'configuration' is empty")) << err_;
  EXPECT_TRUE(LeftNothing());
}

TEST_F(CompareProgram, RefusesMoreUsersThanDescriptorsBeforeItStarts) {
  const int code = RunCommand("sh -c 'ulimit -n 100; exec " + Command("-u 2000") + "'");
  if (Contains(err_, "run 1/")) {
    GTEST_SKIP() << "may raise its own limit";
  }
  EXPECT_EQ(code, 2) << err_;
  EXPECT_TRUE(Contains(err_, "the users need 2064 open descriptors and the limit is 100")) << err_;
  EXPECT_EQ(std::count(err_.begin(), err_.end(), '\n'), 1) << err_;
  EXPECT_TRUE(LeftNothing());
}

// Answers 200 to every write, of which no row is left.
constexpr const char* kWritesNothing =
    "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL);\n"
    "CREATE TRIGGER IF NOT EXISTS none BEFORE INSERT ON note BEGIN SELECT RAISE(IGNORE); END;\n";

class Forgetful : public CompareProgram {
 protected:
  Forgetful() {
    Write("nothing.sql", kWritesNothing);
    std::string server = testing::ReadAll(dir_.File("server.toml"));
    server.replace(server.find("schema.sql"), 10, "nothing.sql");
    Write("nothing.toml", server);
    Append("plan.toml",
           "[[configuration]]\nname = 'forgets'\ncommand = [" + OwnServer("nothing.toml") + "]\n");
  }
};

TEST_F(Forgetful, LostEverythingWhereTheQueryShowsTheWritesOfAnother) {
  EXPECT_EQ(Run("--rounds 1 --only forgets --only wal --json-file " + dir_.File("c.json") +
                " --save " + dir_.File("s.json")),
            5)
      << err_;
  EXPECT_TRUE(Contains(err_, "forgets FAILED: ")) << err_;
  EXPECT_TRUE(Contains(err_, "the audit query shows none of the ")) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: forgets: ")) << out_;
  EXPECT_FALSE(Contains(out_, "AUDIT FAILED: wal")) << out_;
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("c.json")), "\"wal\""));
  EXPECT_TRUE(ServersAreGone());
  const std::string printed = out_;
  EXPECT_EQ(RunCommand(LOADGEN_PROGRAM " report " + dir_.File("s.json")), 5) << err_;
  EXPECT_EQ(out_, printed);
}

TEST_F(Forgetful, FailsWithBothReadingsWhereNoRunProvesTheQuery) {
  EXPECT_EQ(Run("--rounds 2 --only forgets"), 1) << err_;
  EXPECT_TRUE(Contains(err_, "run 2/2, round 2: forgets FAILED: ")) << err_;
  EXPECT_TRUE(Contains(err_, "If it does so, all of them are lost")) << err_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
}

// When it is told to stop it stops its server, and writes over the database.
TEST_F(CompareProgram, GoesOnWhenAServerSpoilsItsDatabase) {
  Write("spoils.sh", R"sh("$@" & server=$!
trap 'kill $server; wait $server; rm -f "$DATABASE"-*; echo spoiled >"$DATABASE"; exit 0' TERM
wait $server
)sh");
  Append("plan.toml", "[[configuration]]\nname = 'spoils'\ncommand = ['/bin/sh', 'spoils.sh', " +
                          OwnServer() + "]\nenvironment = { DATABASE = '{database}' }\n");
  EXPECT_EQ(Run("--rounds 2 --only spoils --only wal --json-file " + dir_.File("c.json")), 5)
      << err_;
  EXPECT_TRUE(Contains(err_, "spoils FAILED: ")) << err_;
  EXPECT_TRUE(Contains(err_, "run 4/4, ")) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: spoils: ")) << out_;
  EXPECT_FALSE(Contains(out_, "AUDIT FAILED: wal")) << out_;
  EXPECT_TRUE(Contains(testing::ReadAll(dir_.File("c.json")), "\"wal\""));
}

// All of its processes are stopped for a second as soon as there is load.
TEST_F(CompareProgram, ShowsAStallInItsTables) {
  Write("stalls.sh", R"sh("$@" & server=$!
trap 'kill $server; wait $server; exit 0' TERM
while [ "$(stat -c %s "$DATABASE-wal" 2>/dev/null || echo 0)" -lt 200000 ]; do sleep 0.02; done
workers=$(cat /proc/$server/task/$server/children)
kill -STOP $workers
sleep 1
kill -CONT $workers
wait $server
)sh");
  Append("plan.toml", "[[configuration]]\nname = 'stalls'\ncommand = ['/bin/sh', 'stalls.sh', " +
                          OwnServer() +
                          R"(, "--set", "database.pragmas.journal_mode=\"wal\"", )"
                          R"("--set", "database.pragmas.synchronous=\"normal\""])"
                          "\nenvironment = { DATABASE = '{database}' }\n");
  KeepDatabasesInMemory();
  const int code =
      Run("--rounds 1 --duration 1400ms --warmup 0 --only wal --only stalls "
          "--json-file " +
          dir_.File("c.json") + " --markdown-file " + dir_.File("c.md"));
  EXPECT_TRUE(code == 0 || code == 4) << "4: the machine was busy\n" << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  EXPECT_GT(json["configs"][1]["longest_gap_ms"], 800);
  EXPECT_TRUE(
      Matches(out_, "silence.*\nconfiguration +longest, ms.*\n-+\nwal .*\nstalls +[0-9]{3,4} "))
      << out_;
  EXPECT_TRUE(Matches(testing::ReadAll(dir_.File("c.md")), "\n\\| stalls \\| [0-9]{3,4} "));
}

// A trigger that does something to the seventh note, or beside it.
std::string OnTheSeventh(const std::string& what) {
  return "CREATE TRIGGER IF NOT EXISTS seventh AFTER INSERT ON note WHEN new.id = 7 BEGIN " + what +
         "; END;\n";
}

TEST_F(CompareProgram, NamesARowFromBeforeThatWasChanged) {
  Append("schema.sql", OnTheSeventh("UPDATE note SET text = 'not as before' WHERE id = 1"));
  EXPECT_EQ(Run("--rounds 1 --only wal"), 5) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: wal: 0 lost, 0 duplicate, 0 unexplained, 1 altered"))
      << out_;
  EXPECT_TRUE(Contains(err_ + out_, "id = 'not as before'")) << out_;
}

TEST_F(CompareProgram, NamesAUniqueValueThatWasChanged) {
  Append("schema.sql", OnTheSeventh("UPDATE note SET text = substr(text, 3) WHERE id = 7"));
  EXPECT_EQ(Run("--rounds 1 --only wal"), 5) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: wal: 0 lost, 0 duplicate, 0 unexplained, 1 altered"))
      << out_;
  EXPECT_TRUE(Contains(out_, "id = 'note #")) << out_;
  EXPECT_TRUE(Contains(out_, "for 'a note #")) << out_;
}

TEST_F(CompareProgram, NamesAUniqueValueThatWasCutShort) {
  Append("schema.sql",
         OnTheSeventh("UPDATE note SET text = substr(text, 1, length(text) - 3) WHERE id = 7"));
  EXPECT_EQ(Run("--rounds 1 --only wal"), 5) << err_;
  EXPECT_TRUE(Contains(out_, "AUDIT FAILED: wal: 1 lost, 0 duplicate, 1 unexplained")) << out_;
  EXPECT_TRUE(Contains(out_, "with its id cut")) << out_;
}

// A file system of its own that is too small for what comes, in a mount namespace of its own.
TEST_F(CompareProgram, SaysThatTheDiskIsFull) {
  std::filesystem::create_directory(work_);
  const std::string mount = "mount -t tmpfs -o size=900k none " + work_;
  if (std::system(("unshare -rm sh -c '" + mount + "' 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "no file system can be mounted";
  }
  Write("full.sh", mount + " && exec " + Command("--duration 3s --only wal") + "\n");
  EXPECT_EQ(RunCommand("unshare -rm sh " + dir_.File("full.sh")), 1) << err_;
  EXPECT_TRUE(Contains(err_, "the disk of '" + work_)) << err_;
  EXPECT_TRUE(Contains(err_, "' is full")) << err_;
  EXPECT_FALSE(Contains(out_ + err_, "AUDIT FAILED")) << out_;
  EXPECT_FALSE(Contains(err_, "run 2/")) << "the next run would meet it too: " << err_;
}

// Each was a megabyte.
TEST_F(CompareProgram, TakesLittleMemoryForATask) {
  constexpr int kTasks = 2000;
  Write("load.toml", "");
  for (int i = 0; i < kTasks; ++i) {
    Append("load.toml", "[[task]]\npath = '/read/?i=" + std::to_string(i) + "'\n");
  }
  EXPECT_EQ(Run("--rounds 2"), 0) << err_;
  rusage used{};
  ASSERT_EQ(getrusage(RUSAGE_CHILDREN, &used), 0);
  EXPECT_LT(used.ru_maxrss, 500 * 1024) << "KiB of the largest child";
}

// It keeps its rows elsewhere.
TEST_F(CompareProgram, GoesOnWhenAServerNeverMakesItsDatabase) {
  std::string server = OwnServer();
  server.replace(server.find("{database}"), 10, "{database}-elsewhere");
  Append("plan.toml", "[[configuration]]\nname = 'elsewhere'\ncommand = [" + server + "]\n");
  EXPECT_EQ(Run("--rounds 2 --only elsewhere --only wal"), 1) << err_;
  EXPECT_TRUE(Contains(err_, "elsewhere FAILED: ")) << err_;
  EXPECT_TRUE(Contains(out_, "not measured: elsewhere")) << out_;
  EXPECT_TRUE(Contains(out_, "Audit of the writes")) << out_;
}

}  // namespace
}  // namespace sqlicorn::loadgen
