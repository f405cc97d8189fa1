// SPDX-License-Identifier: MIT
// Who ended a worker and why, as the log says.
#include <unistd.h>

#include <csignal>
#include <functional>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/control_site.h"
#include "tests/integration/in_flight.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

struct Order {
  const char* name;
  std::function<void(const ControlSite&, ServerProcess&)> give;
  std::size_t ends;  // so many workers
  const char* reason;

  friend void PrintTo(const Order& self, std::ostream* out) { *out << self.name; }
};

class EndByTheMaster : public testing::TestWithParam<Order> {};

TEST_P(EndByTheMaster, IsLoggedWithItsReason) {
  ControlSite control;
  ServerProcess& server = control.server();
  const std::vector<pid_t> before = server.workers();
  GetParam().give(control, server);
  const std::string end = fmt::format(" has ended, by the master: {}.\n", GetParam().reason);
  EXPECT_TRUE(WaitFor([&] { return CountOf(server.log(), end) == GetParam().ends; }))
      << server.log();
  EXPECT_TRUE(server.LogHas(fmt::format("[INFO] Worker (pid:{}){}", before.front(), end)));
  EXPECT_TRUE(server.LogHas(fmt::format("Worker exiting (pid: {})", before.front())));
  EXPECT_FALSE(server.LogHas("Told to end"));
}

void SendSignal(int signal, const ServerProcess& server) {
  server.Signal(signal);
}

const std::vector<Order> kOrders = {
    {"Ttou", [](auto&, auto& server) { SendSignal(SIGTTOU, server); }, 1, "fewer workers wanted"},
    {"Hup", [](auto&, auto& server) { SendSignal(SIGHUP, server); }, 2,
     "a new configuration has taken over"},
    {"Term", [](auto&, auto& server) { SendSignal(SIGTERM, server); }, 2, "shutdown"},
    {"Quit", [](auto&, auto& server) { SendSignal(SIGQUIT, server); }, 2, "shutdown"},
    {"WorkerRemove",
     [](auto& control, auto&) { EXPECT_EQ(control.Run("worker remove").exit_code, 0); }, 1,
     "fewer workers wanted"},
    {"WorkerKill",
     [](auto& control, auto& server) {
       const pid_t oldest = server.workers().front();
       EXPECT_EQ(control.Run(fmt::format("worker kill {}", oldest)).exit_code, 0);
     },
     1, "worker kill"}};

INSTANTIATE_TEST_SUITE_P(Orders, EndByTheMaster, testing::ValuesIn(kOrders),
                         [](const auto& named) { return named.param.name; });

TEST(EndOfAWorker, ThatHasDoneItsRequestsIsTheComingOfItsSuccessor) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--max-requests", "3"}, 1);
  const pid_t worker = server.workers().front();
  EXPECT_TRUE(WaitFor([&] {
    EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
    return server.LogHas(
        fmt::format("Worker (pid:{}) has ended, by the master: its successor serves.\n", worker));
  })) << server.log();
}

class EndByAnother : public testing::TestWithParam<int> {};

TEST_P(EndByAnother, IsLoggedWithTheSender) {
  Site site;
  ServerProcess& server = site.Start();
  const pid_t worker = server.workers().front();
  kill(worker, GetParam());
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas(
        fmt::format("[INFO] Worker (pid:{}) has ended, not by the master.\n", worker));
  })) << server.log();
  EXPECT_TRUE(server.LogHas(
      fmt::format("[{}] [WARNING] Told to end by SIG{} from pid {} (uid {}), not by the master\n",
                  worker, sigabbrev_np(GetParam()), getpid(), getuid())))
      << server.log();
}

INSTANTIATE_TEST_SUITE_P(Signals, EndByAnother, testing::Values(SIGTERM, SIGINT, SIGQUIT),
                         [](const auto& named) { return sigabbrev_np(named.param); });

TEST(EndOfTheMaster, IsTheReasonOfItsWorkers) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> workers = server.workers();
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }));
  for (const pid_t pid : workers) {
    const std::string line =
        fmt::format("[{}] [INFO] Parent changed, shutting down: worker {}\n", pid, pid);
    EXPECT_EQ(CountOf(server.log(), line), 1U) << server.log();
  }
  EXPECT_FALSE(server.LogHas("Told to end")) << server.log();
}

TEST(EndOfTheMaster, IsTheReasonOfAWorkerThatIsStuck) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1"}, 1);
  const pid_t worker = server.workers().front();
  const auto client = BeginWrite(site, "/stuck_add/");
  server.Signal(SIGKILL);
  EXPECT_TRUE(WaitFor([&] { return server.alive().empty(); }));
  EXPECT_TRUE(server.LogHas(
      fmt::format("[{}] [WARNING] Parent changed, shutting down at once: stuck worker\n", worker)))
      << server.log();
}

}  // namespace
}  // namespace sqlicorn
