// SPDX-License-Identifier: MIT
// Matrices, commands and prepared databases of a plan.
#include <csignal>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/toml.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/plan/plan_database.h"

namespace sqlicorn::loadgen {
namespace {

Result<ComparisonPlan> Plan(const std::string& text) {
  const Result<Value> root =
      ParseToml("server = 's.toml'\nscenario = '/x/load.toml'\n" + text, "p.toml");
  return root ? BuildComparisonPlan(*root, "/plans") : Result<ComparisonPlan>(root.error());
}

std::string Text(const std::vector<PlanSetting>& settings) {
  std::string text;
  for (const PlanSetting& setting : settings) {
    text += setting.key + "=" + setting.text + ";";
  }
  return text;
}

constexpr const char* kMatrix = R"(
[base]
"server.workers" = 2
[matrix]
"database.pragmas.journal_mode" = ["wal", "delete"]
"database.pragmas.synchronous" = ["normal", "full"]
"server.workers" = [1, 4]
exclude = [
  { "database.pragmas.journal_mode" = "delete", "database.pragmas.synchronous" = "normal" },
  { "server.workers" = 1, "database.pragmas.journal_mode" = "wal" } ]
)";

TEST(Matrix, HasEveryCombinationThatIsNotExcluded) {
  const Result<ComparisonPlan> plan = Plan(kMatrix);
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<std::string> names;
  for (const PlanConfiguration& configuration : plan->configurations) {
    names.push_back(configuration.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"wal-normal-4", "wal-full-4", "delete-full-1",
                                             "delete-full-4"}));
  EXPECT_EQ(Text(plan->configurations[2].settings),
            "server.workers=1;database.pragmas.journal_mode=\"delete\";"
            "database.pragmas.synchronous=\"full\";");
}

TEST(Matrix, ExcludesNothingThatItDoesNotHave) {
  const Result<ComparisonPlan> plan = Plan(R"(
[matrix]
"database.pragmas.journal_mode" = ["wal", "delete"]
"server.workers" = [1, 4]
exclude = [ { "server.wrokers" = 1 }, { "server.workers" = 2 }, {},
            { "database.pragmas.journal_mode" = "wal", "server.workers" = 4 } ]
)");
  ASSERT_FALSE(plan);
  const std::string& message = plan.error().message;
  EXPECT_NE(message.find("p.toml:7:15: 'exclude': the matrix has no key 'server.wrokers' (did you"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("p.toml:7:41: 'exclude': the matrix has no server.workers = 2"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("p.toml:7:65: 'exclude': an empty table excludes nothing"),
            std::string::npos)
      << message;
}

TEST(Command, IsAtOneUrl) {
  const auto error = [](const std::string& keys) {
    const Result<ComparisonPlan> plan =
        Plan("[[configuration]]\nname = 'a'\ncommand = ['x']\n" + keys);
    return plan ? std::string() : plan.error().message;
  };
  EXPECT_EQ(error("url = 'http://127.0.0.1:{port}/app'\n"), "");
  EXPECT_EQ(error("url = 'http://127.0.0.1:9'\nready_url = 'http://127.0.0.1:9/up'\n"), "");
  EXPECT_NE(error("url = 'http://example.org/'\n").find("p.toml:6:1: "), std::string::npos);
  EXPECT_NE(error("url = 'http://127.0.0.1:9'\nready_url = 'http://127.0.0.1:{port}'\n")
                .find("'ready_url'"),
            std::string::npos);
}

TEST(Matrix, ComesBehindTheConfigurationsOfThePlan) {
  const Result<ComparisonPlan> plan =
      Plan("[[configuration]]\nname = 'first'\n[matrix]\nserver.workers = [1, 2]\n");
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->configurations.size(), 3U);
  EXPECT_EQ(plan->configurations[0].name, "first");
  EXPECT_EQ(plan->configurations[2].name, "2");
}

TEST(Matrix, GivesEveryConfigurationANameOfItsOwn) {
  const Result<ComparisonPlan> plan = Plan(
      "[matrix]\n'database.schema' = ['a-very-long-name.sql', 'a-very-long-name.sqm', '///', "
      "'////']\n");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->configurations[0].name, "a-very-long-name.s");
  EXPECT_EQ(plan->configurations[1].name, "a-very-long-name+2");
  EXPECT_EQ(plan->configurations[2].name, "matrix");
  EXPECT_NE(plan->configurations[3].name, "matrix");
}

TEST(Command, IsReadWithItsSurroundings) {
  const Result<ComparisonPlan> plan = Plan(R"(
[[configuration]]
name = "peer"
command = ["gunicorn", "-b", "127.0.0.1:{port}", "app"]
ready_url = "http://127.0.0.1:{port}/read/"
stop = "INT"
environment = { DATABASE = "{database}", WORKERS = 4 }
directory = "app"
[[configuration]]
name = "there"
url = "http://10.0.0.1:8000"
)");
  ASSERT_TRUE(plan) << plan.error().message;
  const PlanCommand& peer = plan->configurations[0].command.value();
  EXPECT_EQ(peer.argv.size(), 4U);
  EXPECT_EQ(peer.directory, "/plans/app");
  EXPECT_EQ(peer.environment, (std::vector<std::string>{"DATABASE={database}", "WORKERS=4"}));
  EXPECT_EQ(peer.stop, SIGINT);
  EXPECT_EQ(peer.url, "http://127.0.0.1:{port}");
  const PlanCommand& there = plan->configurations[1].command.value();
  EXPECT_TRUE(there.argv.empty());
  EXPECT_EQ(there.url, "http://10.0.0.1:8000");
}

TEST(Database, IsCopiedOrFilled) {
  const std::string a = "[[configuration]]\nname = 'a'\n";
  const Result<ComparisonPlan> copied = Plan(a + "[database]\ncopy_from = 'x.db'\n");
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->database->copy_from, "/plans/x.db");
  const Result<ComparisonPlan> filled =
      Plan(a + "[database]\nrows = 100\nfill = 'INSERT INTO t SELECT i FROM n'\n");
  ASSERT_TRUE(filled) << filled.error().message;
  EXPECT_EQ(filled->database->rows, 100U);
}

// All of them at once, in the order of the file.
TEST(Plan, NamesThePlaceOfEveryMistake) {
  const Result<ComparisonPlan> plan = Plan(R"(
until = 2.0
[database]
rows = 5
[[configuration]]
name = "a"
set = { "server.bind" = "x", "server.pidfile" = "y" }
[[configuration]]
name = "b"
command = []
stop = "SEGV"
url = "ftp://x"
[[configuration]]
name = "c"
url = "http://127.0.0.1:{port}"
[[configuration]]
name = "d"
ready_url = "http://127.0.0.1:1/"
[[configuration]]
name = "e"
command = ["x"]
set = { "server.workers" = 1 }
[matrix]
"server.workers" = []
exclude = 5
)");
  ASSERT_FALSE(plan);
  for (const char* wanted :
       {"p.toml:4:1: ", "p.toml:5:2: 'rows' and 'fill' go together",
        "p.toml:9:9: ", "p.toml:9:30: ", "p.toml:12:1: ", "p.toml:13:1: ", "p.toml:14:1: ",
        "p.toml:17:1: ", "p.toml:20:1: 'ready_url' belongs to a command",
        "p.toml:21:", "p.toml:26:1: ", "p.toml:27:1: "}) {
    EXPECT_NE(plan.error().message.find(wanted), std::string::npos) << wanted << "\n"
                                                                    << plan.error().message;
  }
}

TEST(PlanDatabase, IsFilledByAnInsertWithASelect) {
  for (const char* fill :
       {"INSERT INTO t SELECT i FROM n", " insert or ignore into t(a)select i from n",
        "REPLACE INTO t SELECT i FROM n"}) {
    EXPECT_TRUE(IsFill(fill)) << fill;
  }
  for (const char* other : {"DELETE FROM row", "SELECT i FROM n", "INSERT INTO t VALUES (1)", "",
                            "INSERT INTO selected VALUES (1)"}) {
    EXPECT_FALSE(IsFill(other)) << other;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
