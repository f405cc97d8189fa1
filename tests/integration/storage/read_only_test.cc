// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/mounts.h"
#include "tests/integration/refusal.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

constexpr uid_t kNobody = 65534;

std::string Config(const std::string& database, const std::string& more = "") {
  return fmt::format(R"toml(
[server]
workers = 2
keepalive = 30

[database]
path = "{}"
{}

[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES ('a')"

[[endpoint]]
path = "/count/"
transaction = "immediate"
steps = ["count"]
respond = "rows"
)toml",
                     database, more);
}

std::string Readers(const std::string& database, const std::string& more = "") {
  std::string config = Config(database, more);
  const std::size_t add = config.find("add = ");
  return config.erase(add, config.find('\n', add) - add);
}

void MakeNote(const std::string& path, const std::string& journal_mode) {
  SqliteFile(path).Run("PRAGMA journal_mode = " + journal_mode +
                       "; CREATE TABLE note (name TEXT NOT NULL); INSERT INTO note VALUES ('a');");
}

struct Medium {
  const char* name;
  const char* journal_mode;
  const char* access;

  friend void PrintTo(const Medium& self, std::ostream* out) { *out << self.name; }
};

class ReadOnlyMedia : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path_);
    if (!MayMount()) {
      GTEST_SKIP() << "this process may not mount";
    }
  }

  Site site_;
  const std::string path_ = site_.dir().File("disk");
  const std::string database_ = path_ + "/test.db";
};

class ServedReadOnlyMedia : public ReadOnlyMedia, public testing::WithParamInterface<Medium> {};

TEST_P(ServedReadOnlyMedia, AnswerReadsByEveryWorker) {
  const Disk disk(path_);
  MakeNote(database_, GetParam().journal_mode);
  ASSERT_TRUE(disk.Protect());
  ServerProcess& server = site_.StartWith(
      {.config = Readers(database_, fmt::format("access = \"{}\"", GetParam().access)),
       .arguments = {"--set", "database.path=" + database_}});
  RawClient client(server.port());
  EXPECT_EQ(client.Ask(Get("/count/")).body, R"([{"notes":1}])");
  const auto other = site_.ConnectBeside(site_.WorkerOf(client));
  EXPECT_EQ(other->Ask(Get("/count/")).body, R"([{"notes":1}])");
  EXPECT_EQ(server.checkpointer(), 0);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(server.LogHas("[ERROR]")) << server.log();
}

INSTANTIATE_TEST_SUITE_P(Media, ServedReadOnlyMedia,
                         testing::Values(Medium{"ReadOnly", "delete", "read-only"},
                                         Medium{"Immutable", "delete", "immutable"},
                                         Medium{"ImmutableInWalMode", "wal", "immutable"}),
                         [](const auto& named) { return named.param.name; });

TEST_F(ReadOnlyMedia, AreNamedWithTheSettingThatServesThem) {
  const Disk disk(path_);
  MakeNote(database_, "delete");
  ASSERT_TRUE(disk.Protect());
  site_.Launch(
      {.config = Readers(database_), .arguments = {"--set", "database.path=" + database_}});
  ExpectRefusal(site_, "exit 1", "Read-only file system.*database.access = \"read-only\"");
}

TEST_F(ReadOnlyMedia, NeedMoreThanReadOnlyForADatabaseInWalMode) {
  const Disk disk(path_);
  MakeNote(database_, "wal");
  ASSERT_TRUE(disk.Protect());
  site_.Launch({.config = Readers(database_, "access = \"read-only\""),
                .arguments = {"--set", "database.path=" + database_}});
  ExpectRefusal(site_, "exit 1", "cannot be read: .*database.access = \"immutable\"");
}

TEST(ReadOnly, RefusesAStatementThatWrites) {
  for (const std::string access : {"read-only", "immutable"}) {
    Site site;
    MakeValid(site);
    site.Launch({.config = Config(site.database_path(), fmt::format("access = \"{}\"", access))});
    ExpectRefusal(site, "exit 1",
                  "sqlicorn.toml:[0-9]+:[0-9]+: statement 'add' writes.*\"" + access + "\"");
  }
}

TEST(ReadOnly, DoesNotSwitchTheJournalMode) {
  Site site;
  MakeValid(site);
  site.Launch({.config = Readers(site.database_path(),
                                 "access = \"read-only\"\npragmas = { journal_mode = \"wal\" }")});
  ExpectRefusal(site, "exit 1", "journal_mode: wanted wal, found delete: .*database.access");
}

// Another program writes, and the server sees it.
TEST(ReadOnly, FollowsAWriterInWalMode) {
  Site site;
  MakeNote(site.database_path(), "wal");
  SqliteFile writer(site.database_path());
  ServerProcess& server = site.StartWith(
      {.config = Readers(site.database_path(),
                         "access = \"read-only\"\npragmas = { journal_mode = \"wal\" }")});
  RawClient client(server.port());
  EXPECT_EQ(client.Ask(Get("/count/")).body, R"([{"notes":1}])");
  writer.Run("INSERT INTO note VALUES ('b');");
  EXPECT_EQ(client.Ask(Get("/count/")).body, R"([{"notes":2}])");
}

TEST(ReadOnly, ServesAFileThatTheUserMayOnlyRead) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can become another user";
  }
  Site site;
  MakeNote(site.database_path(), "delete");
  ASSERT_EQ(chmod(site.database_path().c_str(), 0444), 0);
  ServerProcess& server = site.StartWith(
      {.config = Readers(site.database_path(), "access = \"read-only\""), .in_child = [] {
         if (setgid(kNobody) != 0 || setuid(kNobody) != 0) {
           _exit(126);
         }
       }});
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).body, R"([{"notes":1}])");
}

// Its log would be beside the mount, in the container.
TEST_F(ReadOnlyMedia, AreNoWarningButAMountedFileThatIsWrittenIs) {
  const std::string kept = path_ + "/kept.db";
  MakeNote(kept, "delete");
  MakeNote(site_.database_path(), "delete");
  ASSERT_EQ(mount(kept.c_str(), site_.database_path().c_str(), nullptr, MS_BIND, nullptr), 0);
  EXPECT_TRUE(site_.Start().LogHas("the file itself is a mount point"));
  ServerProcess& reader =
      site_.StartWith({.config = Readers(site_.database_path(), "access = \"read-only\"")});
  EXPECT_FALSE(reader.LogHas("the file itself is a mount point")) << reader.log();
  umount2(site_.database_path().c_str(), MNT_DETACH);
  EXPECT_FALSE(site_.Start().LogHas("the file itself is a mount point"));
}

}  // namespace
}  // namespace sqlicorn
