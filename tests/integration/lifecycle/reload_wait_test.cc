// SPDX-License-Identifier: MIT
// sqlicornctl reload --wait: returns with the result of the reload.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <future>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/json/json_text.h"
#include "tests/integration/control_site.h"
#include "tests/integration/in_flight.h"
#include "tests/integration/writers.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

using nlohmann::json;

class ReloadWait : public testing::Test {
 protected:
  void Configure(const std::string& text) {
    ASSERT_TRUE(WriteFile(control_.site().dir().File("sqlicorn.toml"), text));
  }

  [[nodiscard]] json Stats() const { return control_.Data("show stats"); }

  void ExpectFailure(const std::string& reason) {
    const Said said = control_.Run("reload --wait");
    EXPECT_EQ(said.exit_code, 1) << said.text;
    EXPECT_TRUE(said.text.starts_with(
        "Error: the reload has failed, the old configuration stays: " + reason))
        << said.text;
    EXPECT_NE(said.text.find(Stats()["last_reload_error"].get<std::string>()), std::string::npos);
    EXPECT_EQ(RawClient(control_.server().port()).Ask(Get("/count/")).status, 200);
  }

  ControlSite control_;
};

TEST_F(ReloadWait, ReturnsWhenTheNewWorkersServe) {
  Configure(SiteConfigWith("header_timeout = 7"));
  const json data = control_.Data("reload --wait");
  EXPECT_EQ(data, json({{"status", "reloaded"}, {"generation", 2}, {"workers_ready", 2}}));
  EXPECT_EQ(control_.Data("show config")["server"]["header_timeout"], 7);
  EXPECT_EQ(Stats()["reloads_done"], 1);
}

TEST_F(ReloadWait, TellsAMistakeInTheConfiguration) {
  Configure(SiteConfigWith("wrokers = 3"));
  ExpectFailure(control_.site().dir().File("sqlicorn.toml") + ":3:1: unknown key 'wrokers'");
}

TEST_F(ReloadWait, TellsWhatTheDatabaseDoesNotKnow) {
  std::string config = SiteConfig();
  config.replace(config.find("FROM note"), 9, "FROM nota");
  Configure(config);
  ExpectFailure("the new configuration cannot be served: ");
  EXPECT_NE(Stats()["last_reload_error"].get<std::string>().find("nota"), std::string::npos);
}

TEST_F(ReloadWait, ForgetsTheReasonWithAReloadThatIsDone) {
  Configure("nonsense");
  EXPECT_EQ(control_.Run("reload --wait").exit_code, 1);
  Configure(SiteConfig());
  EXPECT_EQ(control_.Run("reload --wait").exit_code, 0);
  EXPECT_TRUE(Stats()["last_reload_error"].is_null());
  EXPECT_EQ(Stats()["reloads_failed"], 1);
}

// The first of them is under way when others come: they share the reload that follows it.
TEST_F(ReloadWait, ByManyAtATimeEndsForAllOfThem) {
  Configure(SiteConfigWith("header_timeout = 8"));
  std::vector<std::future<Said>> said;
  for (int i = 0; i < 5; ++i) {
    said.push_back(std::async(std::launch::async, [&] { return control_.Run("reload --wait"); }));
  }
  for (auto& one : said) {
    EXPECT_EQ(one.get().exit_code, 0);
  }
  EXPECT_GE(Stats()["reloads_done"], 1);
  EXPECT_EQ(Stats()["reloads_failed"], 0);
}

// A preparing child that waits for a lock holds the first reload up; the second reads the files
// only then.
TEST_F(ReloadWait, BehindOneThatFailsGetsAReloadOfItsOwn) {
  std::string blocked = SiteConfig();
  blocked.replace(blocked.find("FROM note"), 9, "FROM nota");
  ASSERT_TRUE(WriteFile(control_.site().dir().File("schema.sql"),
                        "CREATE TABLE IF NOT EXISTS note (name TEXT NOT NULL);\n"
                        "INSERT INTO note VALUES ('by the schema');\n"));
  Configure(blocked);
  SqliteFile holder(control_.site().database_path());
  holder.Run("BEGIN IMMEDIATE");
  auto first = std::async(std::launch::async, [&] { return control_.Run("reload --wait"); });
  ASSERT_TRUE(WaitFor([&] { return Stats()["phase"] == "reloading"; }));
  Configure(SiteConfig());
  auto second = std::async(std::launch::async, [&] { return control_.Run("reload --wait"); });
  ASSERT_TRUE(WaitFor([&] { return control_.server().LogHas("another one follows"); }));
  holder.Run("ROLLBACK");
  EXPECT_EQ(second.get().exit_code, 0);
  // It looks again some milliseconds later, when the second may have ended and counts instead.
  const Said of_first = first.get();
  EXPECT_TRUE(of_first.exit_code == 0 || of_first.exit_code == 1) << of_first.text;
  EXPECT_EQ(Stats()["reloads_failed"], 1);
  EXPECT_EQ(Stats()["reloads_done"], 1);
}

// With a rollback journal a worker cannot read the schema while another process holds the lock.
TEST(ReloadWaitOfALockedOutWorker, TellsWhyItCouldNotStart) {
  ControlSite control({"--set", "database.pragmas.journal_mode=delete", "--set",
                       "database.timeout=0.3", "--spawn-jitter", "0.5"});
  std::string config = SiteConfig();
  config.replace(config.find("workers = 2"), 11, "workers = 8");
  ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), config));
  auto waiting = std::async(std::launch::async, [&] { return control.Run("reload --wait"); });
  EXPECT_TRUE(WaitFor([&] { return control.server().workers().size() >= 4; }));
  SqliteFile holder(control.site().database_path());
  holder.Run("BEGIN EXCLUSIVE");
  const Said said = waiting.get();
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_TRUE(Matches(said.text,
                      "^Error: the reload has failed, the old configuration stays: a worker could "
                      "not start with the new configuration: .*database is locked"))
      << said.text;
}

TEST_F(ReloadWait, GivesUpInTimeAndTheReloadGoesOn) {
  ASSERT_TRUE(WriteFile(control_.site().dir().File("schema.sql"),
                        "CREATE TABLE IF NOT EXISTS note (name TEXT NOT NULL);\n"
                        "INSERT INTO note VALUES ('by the schema');\n"));
  SqliteFile holder(control_.site().database_path());
  holder.Run("BEGIN IMMEDIATE");
  const Said said = control_.Run("reload --wait 0.2");
  EXPECT_EQ(said.exit_code, 124);
  EXPECT_EQ(
      said.text,
      "Error: the reload is not done after 0.2 s and goes on; show stats tells how it ends\n");
  holder.Run("ROLLBACK");
  EXPECT_TRUE(WaitFor([&] { return Stats()["reloads_done"] == 1; }));
}

TEST_F(ReloadWait, GivesUpInTimeWithAServerThatDoesNotAnswer) {
  control_.server().Signal(SIGSTOP);
  const TimePoint begun = Clock::now();
  const Said said = control_.Run("reload --wait 0.5");
  const Duration took = Clock::now() - begun;
  control_.server().Signal(SIGCONT);
  EXPECT_EQ(said.exit_code, 124);
  EXPECT_EQ(said.text, "Error: the server does not answer\n");
  EXPECT_GE(took, std::chrono::milliseconds(500));
  EXPECT_LT(took, std::chrono::seconds(5)) << "the wait of a call without a limit is 10 s";
  EXPECT_TRUE(WaitFor([&] { return Stats()["reloads_done"] == 1; })) << "it was asked for";
}

TEST_F(ReloadWait, EndsWithAServerThatStops) {
  ASSERT_TRUE(WriteFile(control_.site().dir().File("schema.sql"),
                        "CREATE TABLE IF NOT EXISTS note (name TEXT NOT NULL);\n"
                        "INSERT INTO note VALUES ('by the schema');\n"));
  SqliteFile holder(control_.site().database_path());
  holder.Run("BEGIN IMMEDIATE");
  auto waiting = std::async(std::launch::async, [&] { return control_.Run("reload --wait"); });
  ASSERT_TRUE(WaitFor([&] { return Stats()["phase"] == "reloading"; }));
  control_.server().Signal(SIGTERM);
  EXPECT_EQ(waiting.get().exit_code, 1);
}

// Old workers that finish their requests make room by themselves: the reload waits for them.
TEST(ReloadWaitWithManyWorkers, CountsNobodyWhoLeavesAgainstTheRoom) {
  Site site;
  const std::string path = site.dir().File("ctl");
  site.Start({"-w", "12", "--control-socket", path}, 12);
  const std::string reload = fmt::format("-s {} reload --wait", path);
  // The kernel deals clients out as it likes, and a worker without one leaves at once: more come
  // until enough workers have one.
  std::vector<std::unique_ptr<RawClient>> clients;
  ASSERT_TRUE(WaitFor([&] {
    clients.push_back(BeginBody(site.server().port()));
    const auto data = JsonOf(RunControl(fmt::format("-s {} --json show workers", path)).text);
    const auto busy = std::count_if(data["workers"].begin(), data["workers"].end(),
                                    [](const auto& worker) { return worker["connections"] > 0; });
    return clients.size() >= 24 && busy >= 7;
  }));
  EXPECT_EQ(RunControl(reload).exit_code, 0);
  auto second = std::async(std::launch::async, [&] { return RunControl(reload); });
  // Those of two configurations, and old ones as far as there is room.
  EXPECT_TRUE(WaitFor([&] { return site.server().workers().size() >= 24 + 7; }));
  for (auto& client : clients) {
    EXPECT_EQ(FinishBody(*client).status, 200);
    client->Reset();
  }
  const Said said = second.get();
  EXPECT_EQ(said.exit_code, 0) << said.text;
}

// However many of them there are: as those that come serve, as many go as they need slots.
TEST(ReloadWaitAtTheEndOfTheRoom, ReplacesAllWorkersAndLosesNoAnswer) {
  for (const int workers : {2, 16}) {
    SCOPED_TRACE(workers);
    ControlSite control({"--set", "database.scheduler=group"});
    EXPECT_EQ(control.Run("worker add 14").exit_code, 0);
    ASSERT_TRUE(control.BecomesReady(16));
    std::string config = SiteConfig();
    config.replace(config.find("workers = 2"), 11, fmt::format("workers = {}", workers));
    ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), config));
    Writers writers(control.server().port(), "/immediate/", 2);
    const json data = control.Data("reload --wait 20");
    EXPECT_EQ(data, json({{"status", "reloaded"}, {"generation", 2}, {"workers_ready", workers}}));
    writers.Stop();
    EXPECT_EQ(writers.broken(), 0);
    EXPECT_EQ(writers.refused(), 0);
  }
}

// What every refusal says is the way out.
TEST(Usr2, BringsAMasterWithMoreRoom) {
  ControlSite control;
  std::string config = SiteConfig();
  config.replace(config.find("workers = 2"), 11, "workers = 17");
  ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), config));
  EXPECT_EQ(control.Run("reload --wait 20").exit_code, 1);
  control.server().Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return control.server().CountWorkersOfAll() == 2 + 17; }));
  control.server().Signal(SIGTERM);
  EXPECT_EQ(control.server().WaitForEnd(), "exit 0");
  EXPECT_TRUE(WaitFor([&] { return !control.site().dir().Has("ctl.2"); }));
  EXPECT_EQ(control.Data("worker add 25")["total"], 42);
}

}  // namespace
}  // namespace sqlicorn
