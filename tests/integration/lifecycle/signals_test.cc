// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/in_flight.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"
#include "tests/support/run_program.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Sends `signal` when the master has taken the one before: identical ones that wait are one.
void SignalOneByOne(const ServerProcess& server, int signal, int times) {
  const std::string line = fmt::format("Handling signal: {}", signal == SIGTTIN   ? "ttin"
                                                              : signal == SIGTTOU ? "ttou"
                                                                                  : "hup");
  for (int i = 0; i < times; ++i) {
    const std::size_t before = CountOf(server.log(), line);
    server.Signal(signal);
    ASSERT_TRUE(WaitFor([&] { return CountOf(server.log(), line) > before; })) << server.log();
  }
}

TEST(Ttin, TwiceAddsTwoWorkers) {
  Site site;
  ServerProcess& server = site.Start();
  SignalOneByOne(server, SIGTTIN, 2);
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 4; }));
}

TEST(Ttou, LeavesTheLastWorkerAlone) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const std::vector<pid_t> before = server.workers();
  SignalOneByOne(server, SIGTTOU, 3);
  SignalOneByOne(server, SIGTTIN, 1);
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 2; }));
  EXPECT_EQ(server.workers().front(), before.front());
}

TEST(Term, ClosesThePortWhileARequestIsInFlight) {
  Site site;
  ServerProcess& server = site.Start();
  const auto client = BeginBody(server.port());
  server.Signal(SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return RawClient(server.port()).closed(); }));
  EXPECT_EQ(FinishBody(*client).status, 200);
  client->Reset();
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "late");
}

TEST(Term, AnswersWhoConnectsWhileItsWorkerIsBusy) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const auto first = BeginWrite(site, "/slow_add/");
  server.Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: term"); }));
  RawClient second(server.port());
  EXPECT_EQ(second.Ask(Get("/count/")).status, 200);
  EXPECT_EQ(first->ReadAnswer().status, 200);
  first->Reset();
  second.Reset();
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
}

TEST(Term, HearsAClientWhoseAnswerTookLong) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const auto client = BeginWrite(site, "/slow_add/");
  server.Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: term"); }));
  EXPECT_EQ(client->ReadAnswer().Header("Connection"), "keep-alive");
  EXPECT_EQ(client->Ask(Get("/count/")).status, 200);
  client->Reset();
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
}

TEST(Term, IsNotChangedByOtherSignals) {
  Site site;
  ServerProcess& server = site.Start();
  const auto client = BeginBody(server.port());
  server.Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server.workers().size() == 1; }));
  for (const int signal : {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGTTOU, SIGTTIN}) {
    server.Signal(signal);
  }
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: ttin"); }));
  EXPECT_EQ(FinishBody(*client).status, 200);
  client->Reset();
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_EQ(CountOf(server.log(), "Booting worker"), 2U) << server.log();
}

TEST(Workers, AbortedByAnotherIsReplacedAndTheLogNamesBoth) {
  Site site;
  ServerProcess& server = site.Start();
  const pid_t victim = server.workers().front();
  kill(victim, SIGABRT);
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = ServingWorkersOf(server.pid());
    return now.size() == 2 && std::find(now.begin(), now.end(), victim) == now.end();
  }));
  EXPECT_TRUE(server.LogHas(
      fmt::format("[WARNING] Worker (pid:{}) was sent SIGABRT, not by the master.", victim)))
      << server.log();
  EXPECT_TRUE(server.LogHas(
      fmt::format("; aborted by pid {} (uid {}), not by the master\n", getpid(), getuid())))
      << server.log();
}

TEST(Workers, ToldToInterruptIsReplacedQuietly) {
  Site site;
  ServerProcess& server = site.Start();
  const pid_t victim = server.workers().front();
  kill(victim, SIGINT);
  EXPECT_TRUE(WaitFor([&] { return InfoOf(victim).pid == 0; }));
  EXPECT_TRUE(WaitFor([&] { return ServingWorkersOf(server.pid()).size() == 2; }));
  EXPECT_FALSE(server.LogHas("[ERROR]")) << server.log();
}

TEST(Control, ReopensTheLog) {
  Site site;
  const std::string log = site.dir().File("error.log");
  const std::string control = site.dir().File("ctl");
  site.Launch(
      {.config = SiteConfig(), .arguments = {"--log-file", log, "--control-socket", control}});
  ASSERT_TRUE(WaitFor([&] { return ServingWorkersOf(site.server().pid()).size() == 2; }));
  std::filesystem::rename(log, log + ".1");
  const ProgramEnd end = RunShell(fmt::format("'{}' -s '{}' reopen", SQLICORNCTL_PROGRAM, control));
  EXPECT_EQ(end.exit_code, 0) << end.text;
  EXPECT_TRUE(WaitFor([&] { return std::filesystem::exists(log); }));
}

TEST(Master, KilledTakesAWorkerAlongThatIsStuck) {
  Site site;
  ServerProcess& server = site.Start();
  const int port = server.port();
  const auto client = BeginWrite(site, "/stuck_add/");
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }, seconds(2)));
  EXPECT_TRUE(RawClient(port).closed());
}

TEST(Master, StoppedLetsItsWorkersServeAndKilledIsReplacedAtOnce) {
  Site site;
  ServerProcess& server = site.Start();
  const int port = server.port();
  Writers writers(port, "/add_immediate/", 2);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 20; }));
  server.Signal(SIGSTOP);
  ASSERT_TRUE(WaitFor([&] { return InfoOf(server.pid()).state == 'T'; }));
  const int stopped = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > stopped + 50; }));
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }, seconds(2)));
  site.StartWith({.bind = fmt::format("127.0.0.1:{}", port)});
  const int replaced = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > replaced + 50; }));
  writers.Stop();
  SqliteFile database(site.database_path());
  EXPECT_EQ(database.Ask("PRAGMA integrity_check"), "ok");
  for (const std::string& name : writers.AcknowledgedNames()) {
    EXPECT_EQ(database.Ask(fmt::format("SELECT 1 FROM note WHERE name = '{}'", name)), "1") << name;
  }
}

// No zombie, no orphan, as many workers as configured, and TERM ends it.
void ExpectSound(Site& site, std::size_t workers) {
  ServerProcess& server = site.server();
  EXPECT_TRUE(WaitFor([&] {
    return server.workers().size() == workers && ServingWorkersOf(server.pid()).size() == workers;
  })) << server.log();
  EXPECT_TRUE(WaitFor([&] { return CountZombiesOf(server.pid()) == 0; }));
  const std::size_t helpers = server.checkpointer() == 0 ? 0 : 1;
  EXPECT_EQ(server.alive().size(), workers + helpers + 1);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
}

TEST(Storm, OfAHundredHupsLosesNoRequest) {
  Site site;
  ServerProcess& server = site.Start({"--set", "database.scheduler=group"});
  Writers writers(server.port(), "/immediate/", 2);
  SignalOneByOne(server, SIGHUP, 100);
  EXPECT_TRUE(WaitFor([&] {
    return CountOf(server.log(), "Hang up") == CountOf(server.log(), "Reload done");
  })) << server.log();
  writers.Stop();
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_FALSE(server.LogHas("[ERROR]")) << server.log();
  ExpectSound(site, 2);
}

TEST(Storm, OfAHundredTtinAndTtouEndsWithOneWorker) {
  Site site;
  ServerProcess& server = site.Start();
  SignalOneByOne(server, SIGTTIN, 100);
  SignalOneByOne(server, SIGTTOU, 100);
  ExpectSound(site, 1);
}

TEST(Storm, OfSigchldAndDyingWorkersLeavesNoZombie) {
  Site site;
  ServerProcess& server = site.Start({"-w", "4"}, 4);
  for (int round = 0; round < 5; ++round) {
    for (const pid_t pid : server.workers()) {
      kill(pid, SIGTERM);
    }
    for (int i = 0; i < 100; ++i) {
      server.Signal(SIGCHLD);
    }
  }
  ExpectSound(site, 4);
}

}  // namespace
}  // namespace sqlicorn
