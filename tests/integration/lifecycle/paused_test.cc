// SPDX-License-Identifier: MIT
// A server whose processes are all stopped for a while, as where a container is paused, and a
// master that has to wait.
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include "tests/integration/control_site.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool AreStopped(const std::vector<pid_t>& pids) {
  return std::all_of(pids.begin(), pids.end(), [](pid_t pid) { return InfoOf(pid).state == 'T'; });
}

// Stops every process of the server for so long.
void Pause(const ServerProcess& server, Duration pause) {
  const std::vector<pid_t> all = server.alive();
  kill(-server.pid(), SIGSTOP);
  ASSERT_TRUE(WaitFor([&] { return AreStopped(all); }));
  const TimePoint end = Clock::now() + pause;
  ASSERT_TRUE(WaitFor([&] { return Clock::now() >= end; }));
  kill(-server.pid(), SIGCONT);
}

TEST(PausedServer, KeepsItsWorkersWhenItGoesOn) {
  ControlSite control({"-t", "1", "--set", "database.timeout=0.5", "--set",
                       "database.scheduler=group", "--set", "database.checkpointer=auto"});
  ServerProcess& server = control.server();
  const std::vector<pid_t> before = server.workers();
  const pid_t checkpointer = server.checkpointer();
  Pause(server, milliseconds(2500));
  // Long enough for a silent worker to be found, aborted and replaced.
  EXPECT_FALSE(WaitFor([&] { return server.LogHas("TIMEOUT") || server.workers() != before; },
                       milliseconds(2500)))
      << server.log();
  EXPECT_EQ(server.checkpointer(), checkpointer);
  EXPECT_EQ(control.ReadyWorkers(), std::set<pid_t>(before.begin(), before.end()));
  kill(before.front(), SIGSTOP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("WORKER TIMEOUT"); })) << server.log();
}

TEST(PausedServer, CompletesAGracefulStopInItsOwnTime) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--graceful-timeout", "1.5"}, 1);
  const pid_t worker = server.workers().front();
  kill(worker, SIGSTOP);
  server.Signal(SIGTERM);
  ASSERT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: term"); }));
  Pause(server, milliseconds(2500));
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(server.LogHas("Aborted worker")) << server.log();
  EXPECT_FALSE(server.LogHas("was sent SIG")) << server.log();
}

std::size_t SleepsOf(pid_t pid) {
  return std::stoul(StatusWords(pid, "voluntary_ctxt_switches"));
}

TEST(Master, WithoutAFreeSlotSleepsUntilAWorkerHasGone) {
  Site site;
  ServerProcess& server = site.Start({"-w", "4", "-t", "0", "--graceful-timeout", "600"}, 4);
  // Workers that are told to go and do not hear it keep their slots: four for each reload.
  constexpr std::size_t kSlots = 17;
  for (std::size_t reload = 1; reload <= kSlots / 4; ++reload) {
    for (const pid_t pid : server.workers()) {
      kill(pid, SIGSTOP);
    }
    server.Signal(SIGHUP);
    const std::size_t workers = std::min(kSlots, 4 + reload * 4);
    ASSERT_TRUE(WaitFor([&] { return server.workers().size() == workers; })) << server.log();
    ASSERT_TRUE(WaitFor(
        [&] { return CountOf(server.log(), "Reload done") == reload || workers == kSlots; }));
  }
  const std::size_t before = SleepsOf(server.pid());
  const TimePoint end = Clock::now() + seconds(1);
  ASSERT_TRUE(WaitFor([&] { return Clock::now() >= end; }));
  EXPECT_LT(SleepsOf(server.pid()) - before, 20U);
}

}  // namespace
}  // namespace sqlicorn
