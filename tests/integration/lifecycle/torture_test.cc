// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <ostream>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/ledger.h"
#include "tests/integration/site.h"
#include "tests/integration/stall_watch.h"
#include "tests/integration/writers.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;

constexpr int kWorkers = 6;
constexpr int kClients = 16;
constexpr int kKills = 35;            // of each case in the ordinary suite
constexpr int kKillsPerServer = 500;  // then the ledger is compared and a new server started

// Sanitizers make the start of a worker ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSlower = 8;
#else
constexpr int kSlower = 1;
#endif

struct Torture {
  const char* journal_mode;
  const char* scheduler;

  friend void PrintTo(const Torture& self, std::ostream* out) {
    *out << self.journal_mode << ' ' << self.scheduler;
  }
};

// script/test --long says how many.
int KillsWanted() {
  const char* kills = std::getenv("SQLICORN_TORTURE_KILLS");
  return kills == nullptr ? kKills : std::atoi(kills);
}

class KilledWorkers : public testing::TestWithParam<Torture> {
 protected:
  // Starts a server, kills so many of its workers under a writing load, and compares the ledger.
  void RunServer(int kills);

 private:
  // Kills a random worker, now and then two or three at once.
  int KillSome(const ServerProcess& server, int most);
  void KillMany(const ServerProcess& server, int kills);

  std::mt19937 random_{std::random_device()()};
};

void KilledWorkers::RunServer(int kills) {
  Site site;
  const TempDir files(MemoryDirectory());
  const std::string path = files.File("test.db");
  const Torture& torture = GetParam();
  ServerProcess& server =
      site.Start({"-w", std::to_string(kWorkers), "--set", "database.path=" + path, "--set",
                  std::string("database.scheduler=") + torture.scheduler, "--set",
                  std::string("database.pragmas.journal_mode=") + torture.journal_mode, "--set",
                  "database.pragmas.synchronous=full"},
                 kWorkers);
  Writers writers(server.port(), "/add_immediate/", kClients);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 100; }));
  StallWatch watch(writers, server);
  KillMany(server, kills);
  const double longest_ms = ToSeconds(watch.Longest()) * 1000;
  writers.Stop();
  std::cout << kills << " kills, " << writers.acknowledged() << " writes acknowledged, "
            << writers.broken() << " broken off, " << writers.refused()
            << " refused; longest stall " << longest_ms << " ms, with the waits for a processor "
            << ToSeconds(watch.longest_in_all()) * 1000 << " ms\n";
  EXPECT_LT(longest_ms, ToSeconds(kLongestStall) * 1000);
  EXPECT_EQ(writers.forgotten(), 0);
  EXPECT_EQ(writers.refused(), 0);
  ExpectExactLedger(path, writers);
}

void KilledWorkers::KillMany(const ServerProcess& server, int kills) {
  std::uniform_int_distribution<int> pause_ms(20, 50);
  while (kills > 0) {
    std::this_thread::sleep_for(milliseconds(pause_ms(random_) * kSlower));
    kills -= KillSome(server, kills);
  }
}

int KilledWorkers::KillSome(const ServerProcess& server, int most) {
  constexpr std::array kAtOnce = {1, 1, 1, 2, 3};
  std::vector<pid_t> workers = server.workers();
  std::shuffle(workers.begin(), workers.end(), random_);
  const auto wanted = static_cast<std::size_t>(
      std::min(most, kAtOnce.at(std::uniform_int_distribution<std::size_t>(0, 4)(random_))));
  workers.resize(std::min(workers.size(), wanted));
  for (const pid_t pid : workers) {
    kill(pid, SIGKILL);
  }
  return static_cast<int>(workers.size());
}

TEST_P(KilledWorkers, LoseNothingDoNothingTwiceAndStallNobody) {
  for (int left = KillsWanted(); left > 0 && !HasFailure(); left -= kKillsPerServer) {
    RunServer(std::min(left, kKillsPerServer));
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, KilledWorkers,
                         testing::Values(Torture{"wal", "group"}, Torture{"wal", "fifo"},
                                         Torture{"delete", "group"}, Torture{"truncate", "fifo"},
                                         Torture{"persist", "group"}),
                         [](const auto& named) {
                           return std::string(named.param.journal_mode) + named.param.scheduler;
                         });

}  // namespace
}  // namespace sqlicorn
