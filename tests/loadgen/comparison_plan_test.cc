// SPDX-License-Identifier: MIT
#include "loadgen/plan/comparison_plan.h"

#include <cstddef>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "common/config/toml.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kFiles = "server = 's.toml'\nscenario = '/x/load.toml'\n";

Result<ComparisonPlan> Plan(const std::string& text) {
  const Result<Value> root = ParseToml(kFiles + text, "p.toml");
  return root ? BuildComparisonPlan(*root, "/plans") : Result<ComparisonPlan>(root.error());
}

std::string ErrorOf(const std::string& text) {
  const Result<ComparisonPlan> plan = Plan(text);
  return plan ? "no error" : plan.error().message;
}

std::string Text(const std::vector<PlanSetting>& settings) {
  std::string text;
  for (const PlanSetting& setting : settings) {
    text += setting.key + "=" + setting.text + ";";
  }
  return text;
}

TEST(ComparisonPlan, HasDefaults) {
  const Result<ComparisonPlan> plan = Plan("[[configuration]]\nname = 'a'\n");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->server, "/plans/s.toml");
  EXPECT_EQ(plan->scenario, "/x/load.toml");
  EXPECT_EQ(plan->users, 100U);
  EXPECT_EQ(plan->duration, std::chrono::seconds(3));
  EXPECT_EQ(plan->warmup, std::chrono::seconds(1));
  EXPECT_EQ(plan->rounds, 14U);
  EXPECT_TRUE(plan->aa);
  EXPECT_EQ(plan->seed, std::nullopt);
  EXPECT_EQ(plan->audit, "");
  ASSERT_EQ(plan->configurations.size(), 1U);
  EXPECT_TRUE(plan->configurations[0].settings.empty());
}

TEST(ComparisonPlan, ReadsTheLoad) {
  const Result<ComparisonPlan> plan = Plan(
      "users = 7\nduration = '250ms'\nwarmup = '0s'\nrounds = 4\nseed = 9\naudit = 'SELECT 1'\n"
      "[[configuration]]\nname = 'a'\n");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->users, 7U);
  EXPECT_EQ(plan->duration, std::chrono::milliseconds(250));
  EXPECT_EQ(plan->warmup, Duration::zero());
  EXPECT_EQ(plan->rounds, 4U);
  EXPECT_EQ(plan->seed, 9U);
  EXPECT_EQ(plan->audit, "SELECT 1");
}

TEST(ComparisonPlan, RefusesAnEmptyList) {
  EXPECT_EQ(ErrorOf("configuration = []\n"),
            "p.toml:3:1: 'configuration' is empty: there is nothing to compare");
}

constexpr const char* kThree = R"(
[base]
"server.workers" = 4
[[configuration]]
name = "a"
set = { "database.timeout" = 2.5, "server.accesslog" = "" }
[[configuration]]
name = "b"
[configuration.set.database]
timeout = 5
pragmas.mmap_size = 0
[[configuration]]
name = "c"
set = { "server.workers" = 2, "database.schema" = ["x", "y"], "database.unsafe" = true }
)";

TEST(ComparisonPlan, GivesEveryConfigurationTheBase) {
  const Result<ComparisonPlan> plan = Plan(kThree);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(Text(plan->configurations[0].settings),
            R"(server.workers=4;database.timeout=2.5;server.accesslog="";)");
  EXPECT_EQ(Text(plan->configurations[1].settings),
            "server.workers=4;database.timeout=5;database.pragmas.mmap_size=0;");
  EXPECT_EQ(Text(plan->configurations[2].settings),
            R"(server.workers=2;database.schema=["x", "y"];database.unsafe=true;)");
}

TEST(ComparisonPlan, AddsUpWhenCumulative) {
  const Result<ComparisonPlan> plan = Plan(std::string("cumulative = true\n") + kThree);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(Text(plan->configurations[1].settings),
            R"(server.workers=4;database.timeout=5;server.accesslog="";)"
            "database.pragmas.mmap_size=0;");
  EXPECT_EQ(Text(plan->configurations[1].own), "database.timeout=5;database.pragmas.mmap_size=0;");
  EXPECT_EQ(Text(plan->configurations[2].settings).substr(0, 40),
            "server.workers=2;database.timeout=5;serv");
}

TEST(ComparisonPlan, NamesThePlaceOfAMistake) {
  const std::string a = "[[configuration]]\nname = 'a'\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"usres = 1\n" + a,
       "p.toml:3:1: unknown key 'usres' at the top level (did you mean 'users'?)"},
      {"users = 0\n" + a, "p.toml:3:1: "},
      {"rounds = 1001\n" + a, "p.toml:3:1: "},
      {"duration = '0s'\n" + a, "p.toml:3:1: "},
      {"duration = 10\n" + a, "p.toml:3:1: "},
      {"seed = -1\n" + a, "p.toml:3:1: "},
      {"", "configuration"},
      {a + "sets = {}\n", "p.toml:5:1: unknown key 'sets' in [[configuration]]"},
      {a + "set = 1\n", "p.toml:5:1: "},
      {a + "set = { x = [ { y = 1 } ] }\n", "p.toml:5:9: 'x' cannot be set to a list"},
      {a + "set = { server.bind = 'x' }\n", "p.toml:5:16: 'server.bind' cannot be set in a plan"},
      {"[base]\n'server.pidfile' = 'x'\n" + a, "p.toml:4:1: 'server.pidfile' cannot be set"},
      {"[base]\n'server.control_socket' = 'x'\n" + a,
       "p.toml:4:1: 'server.control_socket' cannot be set"},
      {a + a, "p.toml:6:1: there is a configuration 'a' already"},
      {"[[configuration]]\n", "p.toml:3:1: "},
      {"[[configuration]]\nname = 'a/b'\n", "p.toml:4:1: "},
      {"[[configuration]]\nname = '..'\n", "p.toml:4:1: "},
      {"[[configuration]]\nname = 'nineteen-characters'\n", "p.toml:4:1: "},
  };
  for (const auto& [text, wanted] : cases) {
    const std::string message = ErrorOf(text);
    EXPECT_NE(message.find(wanted), std::string::npos) << text << message;
  }
}

TEST(ComparisonPlan, AuditsAllButThoseThatSayNo) {
  const Result<ComparisonPlan> plan = Plan(
      "audit = 'SELECT 1'\n[[configuration]]\nname = 'a'\naudit = true\n[[configuration]]\n"
      "name = 'b'\naudit = false\n[[configuration]]\nname = 'c'\naudit = ''\n"
      "[[configuration]]\nname = 'd'\n");
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<bool> audited;
  for (const PlanConfiguration& configuration : plan->configurations) {
    audited.push_back(configuration.audited);
  }
  EXPECT_EQ(audited, (std::vector<bool>{true, false, false, true}));
  EXPECT_EQ(ErrorOf("[[configuration]]\nname = 'a'\naudit = 'SELECT 1'\n"),
            "p.toml:5:1: configuration.audit must be true or false: the query is that of the plan, "
            "not the string \"SELECT 1\"");
}

// Of one that starts no server of ours.
TEST(ComparisonPlan, NeedsAServerOnlyForItsOwn) {
  const std::string url = "scenario = 's'\n[[configuration]]\nname = 'a'\nurl = 'http://h:1'\n";
  const auto error_of = [](const std::string& text) {
    const Result<Value> root = ParseToml(text, "p.toml");
    const Result<ComparisonPlan> plan =
        root ? BuildComparisonPlan(*root, "/") : Result<ComparisonPlan>(root.error());
    return plan ? "" : plan.error().message;
  };
  EXPECT_EQ(error_of(url), "");
  EXPECT_EQ(error_of("audit = 'SELECT 1'\n" + url), "");
  EXPECT_NE(error_of(url + "[[configuration]]\nname = 'b'\n").find("'server'"), std::string::npos);
  EXPECT_NE(error_of(url + "[matrix]\n'database.timeout' = [1, 2]\n").find("'server'"),
            std::string::npos);
  EXPECT_NE(error_of(url + "[database]\nrows = 1\nfill = 'INSERT INTO t SELECT i FROM n'\n")
                .find("'server'"),
            std::string::npos);
}

TEST(ComparisonPlan, NeedsServerAndScenario) {
  const Result<Value> root = ParseToml("[[configuration]]\nname = 'a'\n", "p.toml");
  ASSERT_TRUE(root);
  const Result<ComparisonPlan> plan = BuildComparisonPlan(*root, "/");
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("server"), std::string::npos) << plan.error().message;
}

TEST(ComparisonPlan, ReadsAFileAndStartsPathsThere) {
  const testing::TempFile file("p.toml", std::string(kFiles) + "[[configuration]]\nname = 'a'\n");
  const Result<ComparisonPlan> plan = LoadComparisonPlan(file.path());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->source, file.path());
  EXPECT_EQ(plan->server, file.path().substr(0, file.path().rfind('/')) + "/s.toml");
}

TEST(ComparisonPlan, ReadsTheShippedOnes) {
  const std::map<std::string, std::size_t> sizes = {
      {"/ladder.toml", 8}, {"/ladder-think.toml", 8}, {"/schedulers.toml", 18}};
  for (const auto& [name, size] : sizes) {
    const Result<ComparisonPlan> plan = LoadComparisonPlan(COMPARE_DIR + name);
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(plan->configurations.size(), size) << name;
  }
}

TEST(AddControl, AddsTheFirstOnceMoreUnlessItIsAloneOrUnwanted) {
  Result<ComparisonPlan> plan = Plan(kThree);
  ASSERT_TRUE(plan);
  AddControl(&*plan);
  ASSERT_EQ(plan->configurations.size(), 4U);
  EXPECT_EQ(plan->configurations[3].name, "a again");
  EXPECT_TRUE(plan->configurations[3].control);
  EXPECT_EQ(Text(plan->configurations[3].settings), Text(plan->configurations[0].settings));
  Result<ComparisonPlan> unwanted = Plan("aa = false\n" + std::string(kThree));
  ASSERT_TRUE(unwanted);
  AddControl(&*unwanted);
  EXPECT_EQ(unwanted->configurations.size(), 3U);
  Result<ComparisonPlan> alone = Plan("[[configuration]]\nname = 'a'\n");
  ASSERT_TRUE(alone);
  AddControl(&*alone);
  EXPECT_EQ(alone->configurations.size(), 1U);
}

TEST(KeepOnly, KeepsTheOrderOfThePlan) {
  Result<ComparisonPlan> plan = Plan(kThree);
  ASSERT_TRUE(plan);
  ASSERT_TRUE(KeepOnly({}, &*plan));
  EXPECT_EQ(plan->configurations.size(), 3U);
  ASSERT_TRUE(KeepOnly({"c", "a"}, &*plan));
  ASSERT_EQ(plan->configurations.size(), 2U);
  EXPECT_EQ(plan->configurations[0].name, "a");
  EXPECT_EQ(plan->configurations[1].name, "c");
}

TEST(KeepOnly, GivesTheNextOneTheChangesOfThoseLeftOutWhenCumulative) {
  Result<ComparisonPlan> plan = Plan("cumulative = true\n" + std::string(kThree));
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_TRUE(KeepOnly({"b"}, &*plan));
  ASSERT_EQ(plan->configurations.size(), 1U);
  EXPECT_EQ(Text(plan->configurations[0].own),
            R"(database.timeout=5;server.accesslog="";database.pragmas.mmap_size=0;)");
}

TEST(KeepOnly, RefusesANameThatIsNotThere) {
  Result<ComparisonPlan> plan = Plan(kThree);
  ASSERT_TRUE(plan);
  plan->source = "p.toml";
  const Status kept = KeepOnly({"a", "d"}, &*plan);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().message.substr(0, 33), "p.toml has no configuration 'd'; ")
      << kept.error().message;
}

}  // namespace
}  // namespace sqlicorn::loadgen
