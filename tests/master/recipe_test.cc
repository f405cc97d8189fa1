// SPDX-License-Identifier: MIT
#include "master/recipe.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "master/start/config_loader.h"
#include "tests/config/config_testing.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

// A server that serves by what the file said at first.
class Recipe : public testing::Test {
 protected:
  static constexpr std::size_t kRoom = 8;

  Recipe() {
    line_.config_path = directory_.File("app.toml");
    start_.directory = directory_.path();
    Write("pidfile = \"old.pid\"");
    auto draft = Draft(Load().value());
    EXPECT_TRUE(TakePidfile(&*draft, nullptr, ""));
    EXPECT_TRUE(ListenAtStart(&*draft, Inheritance(), BindRetry()));
    serving_.emplace(*std::move(draft));
  }

  // Lines of [server], beside an address of the kernel's choice.
  void Write(const std::string& server, const std::string& bind = "127.0.0.1:0") {
    EXPECT_TRUE(WriteFile(
        directory_.File("app.toml"),
        fmt::format("database.path = \"app.db\"\n[server]\nbind = \"{}\"\n{}\n", bind, server)));
  }

  [[nodiscard]] Result<ServerConfig> Load() const { return LoadConfig(line_, start_.directory); }

  [[nodiscard]] Result<Generation> Reload() {
    return LoadForReload({line_, start_, surroundings_}, *serving_, "", kRoom);
  }

  [[nodiscard]] bool Has(const std::string& name) const {
    return std::filesystem::exists(directory_.File(name));
  }

  TempDir directory_;
  CommandLine line_;
  ProgramStart start_;
  Surroundings surroundings_{directory_.path()};
  std::optional<Generation> serving_;
};

TEST_F(Recipe, ADraftIsNoneWhereTwoSettingsNameOneFile) {
  Write("pidfile = \"app.db\"");
  EXPECT_NE(ErrorOf(Draft(Load().value())), "");
  EXPECT_NE(ErrorOf(Reload()), "");
}

TEST_F(Recipe, ADraftIsNoneWithoutItsUser) {
  Write("user = \"nobody-of-this-name\"");
  EXPECT_NE(ErrorOf(Draft(Load().value())), "");
}

TEST_F(Recipe, ADraftNamesTheDatabaseWithoutLinks) {
  const std::string file = directory_.File("app.db");
  std::filesystem::create_symlink(directory_.File("real.db"), file);
  EXPECT_TRUE(WriteFile(directory_.File("real.db"), ""));
  EXPECT_EQ(Draft(Load().value())->config.database.path, std::filesystem::canonical(file).string());
}

TEST_F(Recipe, AReloadSharesWhatStays) {
  Write("pidfile = \"old.pid\"\nworkers = 3");
  const auto candidate = Reload();
  ASSERT_TRUE(candidate) << ErrorOf(candidate);
  EXPECT_EQ(candidate->config.server.workers, 3);
  EXPECT_EQ(candidate->listeners, serving_->listeners);
  EXPECT_EQ(candidate->pidfile, serving_->pidfile);
}

TEST_F(Recipe, AReloadObtainsWhatIsNewBesideWhatServes) {
  Write("pidfile = \"new.pid\"", "unix:new.sock");
  const auto candidate = Reload();
  ASSERT_TRUE(candidate) << ErrorOf(candidate);
  EXPECT_NE(candidate->listeners, serving_->listeners);
  EXPECT_TRUE(Has("old.pid"));
  EXPECT_TRUE(Has("new.pid"));
  EXPECT_TRUE(Has("new.sock"));
}

TEST_F(Recipe, AReloadThatCannotListenLeavesNothingBehind) {
  const std::string taken = serving_->listeners->ToString();
  Write("pidfile = \"new.pid\"", "unix:no/such/directory/new.sock");
  EXPECT_NE(ErrorOf(Reload()), "");
  EXPECT_FALSE(Has("new.pid"));
  EXPECT_TRUE(Has("old.pid"));
  EXPECT_EQ(serving_->listeners->ToString(), taken);
}

TEST_F(Recipe, AReloadWantsNoMoreWorkersThanThereIsRoomFor) {
  Write("pidfile = \"old.pid\"\nworkers = 8");
  EXPECT_TRUE(Reload());
  Write("pidfile = \"old.pid\"\nworkers = 9");
  EXPECT_NE(ErrorOf(Reload()).find("server.workers = 9"), std::string::npos);
}

// What the serving configuration exports is withdrawn while the new one is read, and there again
// then.
TEST_F(Recipe, AReloadIsNotDecidedByVariablesOfTheServingConfiguration) {
  serving_->config.server.raw_env = {"WEB_CONCURRENCY=7"};
  EXPECT_TRUE(surroundings_.TakeOn(serving_->config.server));
  const auto candidate = Reload();
  ASSERT_TRUE(candidate) << ErrorOf(candidate);
  EXPECT_EQ(candidate->config.server.workers, 1);
  EXPECT_STREQ(std::getenv("WEB_CONCURRENCY"), "7");
  surroundings_.RestoreEnvironment();
}

}  // namespace
}  // namespace sqlicorn
