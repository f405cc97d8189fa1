// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/ledger.h"
#include "tests/integration/site.h"
#include "tests/integration/stall_watch.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool Contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

// `count` workers, none of them in `gone`.
bool AreReplaced(const ServerProcess& server, const std::vector<pid_t>& gone) {
  const std::vector<pid_t> now = server.workers();
  return now.size() == gone.size() &&
         std::none_of(now.begin(), now.end(), [&](pid_t pid) { return Contains(gone, pid); });
}

class KilledWorker : public testing::TestWithParam<int> {};

TEST_P(KilledWorker, IsReplacedWithinASecondAndTheLogNamesTheSignal) {
  Site site;
  ServerProcess& server = site.Start();
  const pid_t victim = server.workers().front();
  kill(victim, GetParam());
  const auto is_replaced = [&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 2 && !Contains(now, victim);
  };
  EXPECT_TRUE(WaitFor(is_replaced, seconds(1)));
  EXPECT_TRUE(server.LogHas(
      fmt::format("Worker (pid:{}) was sent SIG{}", victim, sigabbrev_np(GetParam()))))
      << server.log();
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Signals, KilledWorker, testing::Values(SIGKILL, SIGSEGV),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST(Workers, AllKilledAtOnceUnderLoadAreReplacedAndNoAcknowledgedWriteIsLost) {
  Site site;
  ServerProcess& server = site.Start({"-w", "8"}, 8);
  Writers writers(server.port(), "/add_immediate/", 3);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 50; }));
  const std::vector<pid_t> victims = server.workers();
  for (const pid_t pid : victims) {
    kill(pid, SIGKILL);
  }
  EXPECT_TRUE(WaitFor([&] { return AreReplaced(server, victims); }, seconds(1)));
  const int before = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > before + 50; }));
  writers.Stop();
  ExpectExactLedger(site.database_path(), writers);
}

TEST(Workers, OneKilledEveryFifthOfASecondCostsAtMostOneWriteInAHundred) {
  Site site;
  const TempDir files(MemoryDirectory());
  const std::string path = files.File("test.db");
  ServerProcess& server = site.Start(
      {"-w", "4", "--set", "database.scheduler=group", "--set", "database.path=" + path}, 4);
  Writers writers(server.port(), "/add_immediate/", 8);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 50; }));
  StallWatch watch(writers, server);
  std::minstd_rand random{std::random_device()()};
  for (int i = 0; i < 12; ++i) {
    std::this_thread::sleep_for(milliseconds(200));
    const std::vector<pid_t> workers = server.workers();
    ASSERT_FALSE(workers.empty());
    kill(workers[random() % workers.size()], SIGKILL);
  }
  const Duration longest = watch.Longest();
  writers.Stop();
  EXPECT_LT(writers.broken() * 100, writers.acknowledged());
  EXPECT_EQ(writers.forgotten(), 0);
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_LT(longest, kLongestStall);
  ExpectExactLedger(path, writers);
}

TEST(Workers, StoppedOneIsTimedOutKilledAndReplaced) {
  Site site;
  ServerProcess& server = site.Start({"-t", "1", "--set", "database.timeout=0.5"});
  const std::vector<pid_t> before = server.workers();
  kill(before.front(), SIGSTOP);
  EXPECT_TRUE(WaitFor([&] { return !Contains(server.workers(), before.front()); }, seconds(4)));
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 2; }));
  const std::string timed_out = fmt::format("[CRITICAL] WORKER TIMEOUT (pid:{})", before.front());
  EXPECT_TRUE(server.LogHas(timed_out)) << server.log();
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("was sent SIGKILL, by the master"); }))
      << server.log();
  EXPECT_TRUE(Contains(server.workers(), before.back())) << "the other worker was ended too";
}

TEST(Workers, OneBusyForLongerThanTimeoutIsReplaced) {
  Site site;
  ServerProcess& server = site.Start({"-t", "1", "--set", "database.timeout=0.5"});
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(PostForm("/stuck_add/", "name=stuck")));
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("WORKER TIMEOUT"); }, seconds(5)));
  client.ReadToEnd();
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 2; }));
}

class IgnoredByWorkers : public testing::TestWithParam<int> {};

TEST_P(IgnoredByWorkers, LeavesThemAlive) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  for (int i = 0; i < 50; ++i) {
    for (const pid_t pid : before) {
      kill(pid, GetParam());
    }
  }
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  EXPECT_EQ(server.workers(), before);
}

INSTANTIATE_TEST_SUITE_P(Signals, IgnoredByWorkers,
                         testing::Values(SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGPIPE,
                                         SIGXFSZ, SIGWINCH),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST(Workers, ToldToEndAreReplacedQuietly) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  kill(before.front(), SIGTERM);
  kill(before.back(), SIGQUIT);
  EXPECT_TRUE(WaitFor([&] { return AreReplaced(server, before); }));
  EXPECT_FALSE(server.LogHas("was sent")) << server.log();
  EXPECT_FALSE(server.LogHas("[ERROR]")) << server.log();
}

TEST(Master, KilledTakesItsWorkersAlongAndLeavesPortAndDatabaseUsable) {
  Site site;
  ServerProcess& server = site.Start();
  const int port = server.port();
  const std::vector<pid_t> workers = server.workers();
  Writers writers(port, "/add_immediate/", 2);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 50; }));
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }, seconds(2)));
  writers.Stop();
  site.StartWith({.bind = fmt::format("127.0.0.1:{}", port)});
  EXPECT_EQ(site.server().port(), port);
  ExpectExactLedger(site.database_path(), writers);
}

}  // namespace
}  // namespace sqlicorn
