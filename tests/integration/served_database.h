// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {

namespace fs = std::filesystem;

// A server whose database is restored, moved or removed under it.
class ServedDatabase : public testing::Test {
 protected:
  // Serves a database of one note, of which a backup is made, and adds two more.
  void Serve(const std::vector<std::string>& arguments = {}) {
    site_.Start(arguments);
    EXPECT_EQ(Add(), 200);
    SqliteFile(path()).Run(fmt::format("VACUUM INTO '{}'", backup()));
    EXPECT_EQ(Add(), 200);
    EXPECT_EQ(Add(), 200);
  }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  [[nodiscard]] std::string path() const { return site_.database_path(); }

  [[nodiscard]] std::string backup() const { return site_.dir().File("backup.db"); }

  void Restore() { fs::rename(backup(), path()); }

  int Add() { return RawClient(server().port()).Ask(PostForm("/add/", "name=x")).status; }

  HttpAnswer Count() { return RawClient(server().port()).Ask(Get("/count/")); }

  // Both workers have looked: reads are refused too, whoever is asked.
  void ExpectRefusedEverywhere() {
    for (const pid_t worker : server().workers()) {
      const auto client = site_.ConnectBeside(worker);
      ASSERT_TRUE(WaitFor([&] { return client->Ask(Get("/count/")).status == 503; }));
      EXPECT_EQ(client->Ask(PostForm("/add/", "name=lost")).status, 503);
    }
  }

  // A worker dies, and none that would serve comes in its place.
  void KillOneForGood(std::string_view why) {
    const std::size_t told = CountOf(server().log(), why);
    const pid_t victim = server().workers().front();
    kill(victim, SIGKILL);
    EXPECT_TRUE(WaitFor([&] { return CountOf(server().log(), why) > told; })) << server().log();
  }

  void Stop() {
    server().Signal(SIGTERM);
    EXPECT_EQ(server().WaitForEnd(), "exit 0") << server().log();
  }

  void Hup(std::string_view answer) {
    const std::size_t told = CountOf(server().log(), answer);
    server().Signal(SIGHUP);
    EXPECT_TRUE(WaitFor([&] { return CountOf(server().log(), answer) > told; })) << server().log();
  }

  // Until the workers of before, who may still accept and answer while they leave, have gone.
  void Reload() {
    const std::vector<pid_t> before = server().workers();
    Hup("Reload done");
    EXPECT_TRUE(WaitFor([&] {
      const std::vector<pid_t> now = server().workers();
      return std::none_of(before.begin(), before.end(), [&](pid_t pid) {
        return std::find(now.begin(), now.end(), pid) != now.end();
      });
    })) << server().log();
  }

  void RemoveLog() {
    fs::remove(path() + "-wal");
    fs::remove(path() + "-shm");
  }

  void KillAll() {
    kill(-server().pid(), SIGKILL);
    EXPECT_EQ(server().WaitForEnd(), "signal 9");
    EXPECT_TRUE(WaitFor([&] { return server().alive().empty(); }));
  }

  // The file alone, without any log.
  void ExpectWholeSoon(int notes) {
    const std::string copy = site_.dir().File("copy.db");
    EXPECT_TRUE(WaitFor([&] {
      fs::copy_file(path(), copy, fs::copy_options::overwrite_existing);
      return SqliteFile(copy).Ask("SELECT count(*) FROM note") == std::to_string(notes);
    }));
  }

  void ExpectNotes(const std::string& path, int notes) {
    SqliteFile database(path);
    EXPECT_EQ(database.Ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(database.Ask("SELECT count(*) FROM note"), std::to_string(notes));
  }

  Site site_;
};

}  // namespace sqlicorn
