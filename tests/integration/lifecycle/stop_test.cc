// SPDX-License-Identifier: MIT
#include <csignal>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/in_flight.h"
#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// No process and no pid file.
void ExpectNothingLeft(Site& site) {
  EXPECT_TRUE(site.server().alive().empty());
  EXPECT_FALSE(site.dir().Has("pid"));
}

TEST(Term, CompletesTheRequestInFlight) {
  Site site;
  site.Start({"-p", site.dir().File("pid")});
  const auto client = BeginWrite(site, "/slow_add/");
  site.server().Signal(SIGTERM);
  const HttpAnswer answer = client->ReadAnswer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(site.server().WaitForEnd(seconds(3)), "exit 0");
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "slow");
  ExpectNothingLeft(site);
}

TEST(Term, EndsAtOnceWithOnlyIdleConnections) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(seconds(1)), "exit 0");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.closed());
}

TEST(Term, TwiceIsAsOnce) {
  Site site;
  site.Start();
  const auto client = BeginWrite(site, "/slow_add/");
  site.server().Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return site.server().LogHas("Handling signal: term"); }));
  site.server().Signal(SIGTERM);
  EXPECT_EQ(client->ReadAnswer().status, 200);
  EXPECT_EQ(site.server().WaitForEnd(), "exit 0");
}

TEST(Term, KillsWhatOutlastsGracefulTimeout) {
  Site site;
  ServerProcess& server = site.Start({"--graceful-timeout", "1"});
  const auto client = BeginWrite(site, "/stuck_add/");
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(seconds(4)), "exit 0");
  EXPECT_TRUE(server.LogHas("graceful_timeout was over")) << server.log();
  EXPECT_TRUE(server.alive().empty());
}

// Of an answer that is longer than what the kernel takes.
class SlowReader : public testing::TestWithParam<int> {};

TEST_P(SlowReader, IsAnsweredWhatItSentBeforeTheWorkerStopped) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const pid_t worker = server.workers().front();
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(Get("/big/?bytes=20000000")));
  ASSERT_TRUE(client.WaitForInput());
  ASSERT_TRUE(client.Send(PostForm("/add/", "name=behind")));
  const std::size_t sockets = CountSockets(worker);
  server.Signal(GetParam());
  ASSERT_TRUE(WaitFor([&] { return CountSockets(worker) < sockets; })) << "it listens";
  EXPECT_GT(client.ReadAnswer().body.size(), 20000000U);
  const HttpAnswer behind = client.ReadAnswer();
  EXPECT_EQ(behind.status, 200);
  EXPECT_EQ(behind.Header("Connection"), "close");
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "behind");
}

INSTANTIATE_TEST_SUITE_P(Signals, SlowReader, testing::Values(SIGTERM, SIGHUP),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST(Term, RefusesNewConnectionsMeanwhile) {
  Site site;
  site.Start({"-w", "1"}, 1);
  const auto client = BeginWrite(site, "/slow_add/");
  site.server().Signal(SIGTERM);
  EXPECT_EQ(client->ReadAnswer().status, 200);
  EXPECT_TRUE(WaitFor([&] { return RawClient(site.server().port()).closed(); }));
  EXPECT_EQ(site.server().WaitForEnd(), "exit 0");
}

// The moments of a start, as far as a delay can find them.
TEST(Term, DuringTheStartLeavesNothing) {
  for (const auto delay : {0, 1, 2, 4, 6, 8, 10, 13, 16, 20, 30}) {
    Site site;
    ServerProcess& server =
        site.Launch({.config = SiteConfig(), .arguments = {"-p", site.dir().File("pid")}});
    std::this_thread::sleep_for(milliseconds(delay));
    server.Signal(SIGTERM);
    const std::string end = server.WaitForEnd();
    // Before the master has set up its signals the default action ends it, with nothing begun.
    EXPECT_TRUE(end == "exit 0" || (end == "signal 15" && server.log().empty()))
        << "after " << delay << " ms: " << end << "\n"
        << server.log();
    EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }));
    EXPECT_FALSE(site.dir().Has("pid")) << "after " << delay << " ms";
  }
}

class QuickStop : public testing::TestWithParam<int> {};

TEST_P(QuickStop, EndsWithinASecond) {
  Site site;
  ServerProcess& server = site.Start({"-p", site.dir().File("pid")});
  RawClient client(server.port());
  ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
  server.Signal(GetParam());
  EXPECT_EQ(server.WaitForEnd(seconds(1)), "exit 0");
  ExpectNothingLeft(site);
}

TEST_P(QuickStop, DoesNotWaitForARequest) {
  Site site;
  ServerProcess& server = site.Start({"-p", site.dir().File("pid")});
  const auto client = BeginWrite(site, "/stuck_add/");
  server.Signal(GetParam());
  EXPECT_EQ(server.WaitForEnd(seconds(1)), "exit 0");
  EXPECT_TRUE(server.alive().empty());
  EXPECT_FALSE(site.dir().Has("pid"));
}

TEST_P(QuickStop, CutsAGracefulStopShort) {
  Site site;
  ServerProcess& server = site.Start();
  const auto client = BeginWrite(site, "/stuck_add/");
  server.Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: term"); }));
  server.Signal(GetParam());
  EXPECT_EQ(server.WaitForEnd(seconds(2)), "exit 0");
}

INSTANTIATE_TEST_SUITE_P(Signals, QuickStop, testing::Values(SIGINT, SIGQUIT),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST(Master, SurvivesAStormOfSignals) {
  Site site;
  ServerProcess& server = site.Start();
  for (int i = 0; i < 50; ++i) {
    for (const int signal : {SIGHUP, SIGUSR1, SIGTTIN, SIGTTOU, SIGWINCH, SIGCHLD}) {
      server.Signal(signal);
    }
  }
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
}

}  // namespace
}  // namespace sqlicorn
