// SPDX-License-Identifier: MIT
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/ledger.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;

// Adds notes of 20 kB until one is refused; the number that was acknowledged.
int FillUp(RawClient& client, HttpAnswer* refusal) {
  const std::string note = "name=" + std::string(20000, 'n');
  for (int added = 0; added < 1000; ++added) {
    *refusal = client.Ask(PostForm("/add_immediate/", note));
    if (refusal->status != 200) {
      return added;
    }
  }
  return 1000;
}

void ExpectWholeNotes(const Site& site, const std::string& path, int notes) {
  static_cast<void>(site);
  SqliteFile database(path);
  EXPECT_EQ(database.Ask("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(database.Ask("SELECT count(*) FROM note"), std::to_string(notes));
}

// A mount that only this process and its children see; it ends with them.
bool MountSmallDisk(const std::string& path, const char* size) {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", path.c_str(), "tmpfs", 0, size) == 0;
}

TEST(FullDisk, RefusesWritesGoesOnReadingAndRecovers) {
  Site site;
  const std::string disk = site.dir().File("disk");
  std::filesystem::create_directory(disk);
  if (!MountSmallDisk(disk, "size=1m")) {
    GTEST_SKIP() << "this process may not mount";
  }
  ASSERT_TRUE(WriteFile(disk + "/filler", std::string(400000, 'f')));
  ServerProcess& server = site.Start({"--set", "database.path=" + disk + "/test.db"});
  RawClient client(server.port());
  HttpAnswer refusal;
  const int added = FillUp(client, &refusal);
  EXPECT_GT(added, 3);
  EXPECT_EQ(refusal.status, 503);
  EXPECT_NE(refusal.body.find("SQLITE_FULL"), std::string::npos) << refusal.body;
  EXPECT_EQ(client.Ask(Get("/count/")).body, fmt::format(R"([{{"notes":{}}}])", added));
  std::filesystem::remove(disk + "/filler");
  EXPECT_EQ(client.Ask(PostForm("/add_immediate/", "name=again")).status, 200);
  ExpectWholeNotes(site, disk + "/test.db", added + 1);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  umount2(disk.c_str(), MNT_DETACH);
}

// Batches that meet the full disk: all of a batch or nothing of it.
class FullDiskInGroup : public testing::TestWithParam<const char*> {};

TEST_P(FullDiskInGroup, FailsWholeBatchesGoesOnReadingAndRecovers) {
  Site site;
  const std::string disk = site.dir().File("disk");
  std::filesystem::create_directory(disk);
  if (!MountSmallDisk(disk, "size=1m")) {
    GTEST_SKIP() << "this process may not mount";
  }
  ASSERT_TRUE(WriteFile(disk + "/filler", std::string(800000, 'f')));
  const std::string path = disk + "/test.db";
  ServerProcess& server =
      site.Start({"--set", "database.path=" + path, "--set", "database.scheduler=group", "--set",
                  std::string("database.pragmas.journal_mode=") + GetParam()});
  const std::vector<pid_t> workers = server.workers();
  Writers writers(server.port(), "/add_immediate/", 12);
  EXPECT_TRUE(WaitFor([&] { return writers.refused() > 50; }));
  std::filesystem::remove(disk + "/filler");
  const int before = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > before + 50; }));
  writers.Stop();
  for (const Writers::Refusal& refusal : writers.Refusals()) {
    EXPECT_EQ(refusal.status, 503);
    EXPECT_NE(refusal.body.find("\"detail\":\"database or disk is full (SQLITE_FULL)\""),
              std::string::npos)
        << refusal.body;
    EXPECT_EQ(refusal.next_status, 200) << "a read";
  }
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(server.workers(), workers);
  ExpectExactLedger(path, writers);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  umount2(disk.c_str(), MNT_DETACH);
}

INSTANTIATE_TEST_SUITE_P(JournalModes, FullDiskInGroup, testing::Values("wal", "delete"),
                         [](const auto& named) { return named.param; });

TEST(FileSizeLimit, RefusesWritesGoesOnReadingAndRecovers) {
  Site site;
  ServerProcess& server = site.StartWith({.in_child = [] {
    const rlimit limit{300000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
  }});
  const std::vector<pid_t> workers = server.workers();
  RawClient client(server.port());
  HttpAnswer refusal;
  const int added = FillUp(client, &refusal);
  EXPECT_GT(added, 3);
  EXPECT_EQ(refusal.status, 503);
  EXPECT_NE(refusal.body.find("SQLITE_"), std::string::npos) << refusal.body;
  EXPECT_EQ(client.Ask(Get("/count/")).body, fmt::format(R"([{{"notes":{}}}])", added));
  EXPECT_EQ(server.workers(), workers);
  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(prlimit(site.WorkerOf(client), RLIMIT_FSIZE, &none, nullptr), 0);
  EXPECT_EQ(client.Ask(PostForm("/add_immediate/", "name=again")).status, 200);
  ExpectWholeNotes(site, site.database_path(), added + 1);
}

TEST(DescriptorLimit, NeitherSpinsNorOutlastsTheCrowd) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer needs a descriptor for each kind of call it checks";
#endif
  Site site;
  ServerProcess& server = site.StartWith({.arguments = {"-w", "1"},
                                          .in_child =
                                              [] {
                                                const rlimit limit{41, 41};
                                                setrlimit(RLIMIT_NOFILE, &limit);
                                              }},
                                         1);
  const pid_t worker = server.workers().front();
  RawClient early(server.port());
  // Before the crowd too: the sanitizers need a descriptor to check a call for the first time.
  EXPECT_EQ(early.Ask(PostForm("/add/", "name=before")).status, 200);
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (int i = 0; i < 60; ++i) {
    crowd.push_back(std::make_unique<RawClient>(server.port()));
  }
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Too many open files"); })) << server.log();
  EXPECT_EQ(early.Ask(PostForm("/add/", "name=meanwhile")).status, 200);
  const Duration before = InfoOf(worker).cpu;
  std::this_thread::sleep_for(seconds(1));
  EXPECT_LT(ToSeconds(InfoOf(worker).cpu - before), 0.2);
  crowd.clear();
  RawClient client(server.port(), seconds(2));
  EXPECT_EQ(client.Ask(Get("/count/")).body, R"([{"notes":2}])");
  EXPECT_EQ(server.workers(), std::vector<pid_t>{worker}) << server.log();
}

TEST(MovedDatabase, IsAnErrorAndNoFreshFile) {
  for (const char* mode : {"wal", "delete"}) {
    SCOPED_TRACE(mode);
    Site site;
    ServerProcess& server =
        site.Start({"--set", std::string("database.pragmas.journal_mode=") + mode});
    RawClient client(server.port());
    ASSERT_EQ(client.Ask(PostForm("/add/", "name=before")).status, 200);
    std::filesystem::rename(site.database_path(), site.dir().File("moved.db"));
    const HttpAnswer answer = client.Ask(PostForm("/add/", "name=after"));
    EXPECT_EQ(answer.status, 503) << answer.body;
    EXPECT_NE(answer.body.find("SQLITE_READONLY_DBMOVED"), std::string::npos) << answer.body;
    EXPECT_FALSE(site.dir().Has("test.db"));
    std::filesystem::rename(site.dir().File("moved.db"), site.database_path());
    EXPECT_EQ(client.Ask(PostForm("/add/", "name=back")).status, 200);
    EXPECT_EQ(site.Ask("SELECT group_concat(name) FROM note"), "before,back");
  }
}

}  // namespace
}  // namespace sqlicorn
