// SPDX-License-Identifier: MIT
#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/in_flight.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Timeout, EndsABusyWorkerInTimeAndItsReplacementServes) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "-t", "2", "--set", "database.timeout=1"}, 1);
  const pid_t worker = server.workers().front();
  const auto client = BeginWrite(site, "/stuck_add/");
  const TimePoint start = Clock::now();
  const std::string timed_out = fmt::format("[CRITICAL] WORKER TIMEOUT (pid:{})", worker);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas(timed_out); }, milliseconds(3500)));
  EXPECT_GE(Clock::now() - start, milliseconds(1500)) << "its last heartbeat is no older";
  EXPECT_TRUE(WaitFor([&] { return InfoOf(worker).pid == 0; }, seconds(1)));
  EXPECT_EQ(client->ReadToEnd(), "");
  EXPECT_TRUE(client->closed());
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

TEST(Timeout, OfZeroLeavesAStoppedWorkerAlone) {
  Site watched;
  Site unwatched;
  watched.Start({"-t", "1", "--set", "database.timeout=0.5"});
  unwatched.Start({"-t", "0"});
  const pid_t stopped = unwatched.server().workers().front();
  kill(stopped, SIGSTOP);
  kill(watched.server().workers().front(), SIGSTOP);
  EXPECT_TRUE(WaitFor([&] { return watched.server().LogHas("was sent SIGKILL"); }));
  EXPECT_FALSE(unwatched.server().LogHas("WORKER TIMEOUT"));
  EXPECT_EQ(InfoOf(stopped).state, 'T');
}

TEST(Timeout, ShorterThanADrainDoesNotEndIt) {
  Site site;
  ServerProcess& server = site.Start({"-t", "1", "--set", "database.timeout=0.5"});
  const auto client = BeginBody(server.port());
  server.Signal(SIGTERM);
  // Longer than timeout and the look of the master, an octet at a time.
  for (const char octet : std::string_view("name=lat")) {
    std::this_thread::sleep_for(milliseconds(300));
    ASSERT_TRUE(client->Send(std::string(1, octet)));
  }
  EXPECT_EQ(client->Ask("e").status, 200);
  client->Reset();
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(server.LogHas("WORKER TIMEOUT")) << server.log();
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "late");
}

// With a rollback journal a worker cannot read the schema while another process holds the lock.
std::vector<std::string> WaitingForLock(const char* wait) {
  return {"--set", "database.pragmas.journal_mode=delete", "--set",
          fmt::format("database.timeout={}", wait)};
}

TEST(BootTimeout, EndsAWorkerThatIsStuckWhileItStarts) {
  Site site;
  std::vector<std::string> arguments = WaitingForLock("20");
  arguments.insert(arguments.end(), {"-w", "1", "--boot-timeout", "1"});
  ServerProcess& server = site.Start(arguments, 1);
  const pid_t first = server.workers().front();
  SqliteFile holder(site.database_path());
  holder.Run("BEGIN EXCLUSIVE");
  server.Signal(SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("WORKER TIMEOUT"); }, seconds(5)));
  EXPECT_FALSE(server.LogHas(fmt::format("WORKER TIMEOUT (pid:{})", first)));
  holder.Run("COMMIT");
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 2; }));
  EXPECT_EQ(server.workers().front(), first);
}

// A reload to workers that start one after another, the later ones locked out.
class LockedOutReload : public testing::Test {
 protected:
  void Reload(const char* wait) {
    site_.Start(WaitingForLock(wait));
    before_ = server().workers();
    const std::string path = site_.dir().File("sqlicorn.toml");
    const std::string old = ReadFile(path).value();
    ASSERT_TRUE(WriteFile(
        path, "[server]\nworkers = 8\nspawn_jitter = 1\nboot_timeout = 1\nkeepalive = 30\n" +
                  old.substr(old.find("\n[database]"))));
    server().Signal(SIGHUP);
    ASSERT_TRUE(WaitFor([this] { return CountOf(server().log(), "Booting worker") >= 3; }));
    holder_.Run("BEGIN EXCLUSIVE");
    EXPECT_TRUE(WaitFor([this] {
      return server().LogHas("Reload failed, the old configuration stays: a worker could not");
    })) << server().log();
    holder_.Run("COMMIT");
  }

  void ExpectTheOldWorkersAndAnotherReload() {
    EXPECT_TRUE(WaitFor([this] { return server().workers() == before_; })) << server().log();
    EXPECT_EQ(RawClient(server().port()).Ask(Get("/count/")).status, 200);
    ASSERT_TRUE(WriteFile(site_.dir().File("sqlicorn.toml"), SiteConfig()));
    server().Signal(SIGHUP);
    EXPECT_TRUE(WaitFor([this] { return server().LogHas("Reload done"); })) << server().log();
  }

  [[nodiscard]] ServerProcess& server() { return site_.server(); }

  Site site_;
  SqliteFile holder_{site_.database_path()};
  std::vector<pid_t> before_;
};

TEST_F(LockedOutReload, ToWorkersThatFailToStartLeavesTheOldOnes) {
  Reload("0.3");
  ExpectTheOldWorkersAndAnotherReload();
}

TEST_F(LockedOutReload, ToWorkersThatAreStuckWhileTheyStartLeavesTheOldOnes) {
  Reload("20");
  EXPECT_TRUE(server().LogHas("WORKER TIMEOUT"));
  ExpectTheOldWorkersAndAnotherReload();
}

class CrashLoop : public testing::Test {
 protected:
  // Nobody can open the database any more; who has it open goes on.
  void Start() {
    site_.Start();
    std::filesystem::rename(site_.database_path(), site_.dir().File("moved.db"));
    std::filesystem::create_directory(site_.database_path());
  }

  Site site_;
};

TEST_F(CrashLoop, IsSlowedDown) {
  Start();
  ServerProcess& server = site_.server();
  const TimePoint start = Clock::now();
  kill(server.workers().front(), SIGKILL);
  // The two of the start, and five that fail.
  ASSERT_TRUE(WaitFor([&] { return CountOf(server.log(), "Booting worker") >= 7; }))
      << server.log();
  EXPECT_GE(Clock::now() - start, milliseconds(100 + 200 + 400 + 800));
}

TEST_F(CrashLoop, DoesNotEndTheWorkersThatServe) {
  Start();
  ServerProcess& server = site_.server();
  const std::vector<pid_t> before = server.workers();
  server.Signal(SIGTTIN);
  ASSERT_TRUE(WaitFor([&] { return CountOf(server.log(), "exited with code 3") >= 2; }))
      << server.log();
  EXPECT_EQ(ServingWorkersOf(server.pid()), before);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/nowhere/")).status, 404);
}

}  // namespace
}  // namespace sqlicorn
