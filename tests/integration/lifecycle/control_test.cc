// SPDX-License-Identifier: MIT
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/json/json_text.h"
#include "tests/integration/control_site.h"
#include "tests/integration/site.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using nlohmann::json;
using std::chrono::seconds;

TEST(Control, IsOffByDefault) {
  Site site;
  site.Start();
  EXPECT_FALSE(site.server().LogHas("Control socket"));
}

TEST(Control, ShowsTheWorkersAsTheyAre) {
  ControlSite control;
  ASSERT_TRUE(control.BecomesReady(2));
  RawClient client(control.server().port());
  ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
  const json data = control.Data("show workers");
  std::set<pid_t> pids;
  std::int64_t requests = 0;
  std::int64_t connections = 0;
  for (const json& worker : data["workers"]) {
    pids.insert(worker["pid"].get<pid_t>());
    requests += worker["requests"].get<std::int64_t>();
    connections += worker["connections"].get<std::int64_t>();
    EXPECT_EQ(worker["generation"], 1);
    EXPECT_LT(worker["heartbeat_age"].get<double>(), 20);
  }
  const std::vector<pid_t> workers = control.server().workers();
  EXPECT_EQ(pids, std::set<pid_t>(workers.begin(), workers.end()));
  EXPECT_GE(requests, 1);
  EXPECT_GE(connections, 1);
}

TEST(Control, ShowsTablesToPeople) {
  ControlSite control;
  const Said said = control.Run("show workers");
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_TRUE(said.text.starts_with("count  2\n\npid ")) << said.text;
}

TEST(Control, ShowsStatsConfigAndListeners) {
  ControlSite control;
  const json stats = control.Data("show stats");
  EXPECT_EQ(stats["pid"], control.server().pid());
  EXPECT_EQ(stats["workers_target"], 2);
  EXPECT_EQ(stats["scheduler"], "busy");
  EXPECT_EQ(control.Data("show config")["server"]["control_socket"], control.path());
  const json listeners = control.Data("show listeners");
  EXPECT_EQ(listeners["listeners"][0]["address"],
            fmt::format("127.0.0.1:{}", control.server().port()));
}

TEST(Control, AddsAndRemovesWorkers) {
  ControlSite control;
  EXPECT_EQ(control.Data("worker add 2")["total"], 4);
  EXPECT_TRUE(control.BecomesReady(4));
  EXPECT_EQ(control.Data("worker remove 10")["removed"], 3);
  EXPECT_TRUE(WaitFor([&] { return control.server().workers().size() == 1; }));
}

TEST(Control, KillsAWorkerThatIsThenReplaced) {
  ControlSite control;
  ASSERT_TRUE(control.BecomesReady(2));
  const pid_t victim = control.server().workers().front();
  EXPECT_EQ(control.Data(fmt::format("worker kill {}", victim))["killed"], victim);
  EXPECT_TRUE(WaitFor([&] {
    const std::set<pid_t> ready = control.ReadyWorkers();
    return ready.size() == 2 && !ready.contains(victim);
  }));
  EXPECT_EQ(control.Data("show stats")["workers_ended"]["command"], 1);
}

TEST(Control, RefusesToKillAnythingElseThanAWorker) {
  ControlSite control;
  for (const pid_t pid : {control.server().pid(), getpid(), pid_t{1}}) {
    const Said said = control.Run(fmt::format("worker kill {}", pid));
    EXPECT_EQ(said.exit_code, 1);
    EXPECT_EQ(said.text, fmt::format("Error: '{}' is not the pid of a worker\n", pid));
  }
  EXPECT_EQ(control.server().WaitForEnd(Duration::zero()), "running");
}

TEST(Control, Reloads) {
  ControlSite control;
  ASSERT_TRUE(control.BecomesReady(2));
  EXPECT_EQ(control.Data("reload")["status"], "reloading");
  EXPECT_TRUE(WaitFor([&] { return control.Data("show stats")["reloads_done"] == 1; }));
  EXPECT_EQ(control.Data("show workers")["workers"].back()["generation"], 2);
}

TEST(Control, CountsAReloadThatFailed) {
  ControlSite control;
  ASSERT_TRUE(control.BecomesReady(2));
  ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), "nonsense"));
  ASSERT_EQ(control.Data("reload")["status"], "reloading");
  EXPECT_TRUE(WaitFor([&] { return control.Data("show stats")["reloads_failed"] == 1; }));
  EXPECT_EQ(control.ReadyWorkers().size(), 2U);
}

TEST(Control, ShutsDown) {
  for (const char* command : {"shutdown", "shutdown quick"}) {
    ControlSite control;
    EXPECT_EQ(control.Data(command)["status"], "shutting_down");
    EXPECT_EQ(control.server().WaitForEnd(), "exit 0");
    EXPECT_FALSE(control.site().dir().Has("ctl"));
  }
}

TEST(Control, TellsErrorsByTheExitCode) {
  ControlSite control;

  const struct {
    const char* command;
    int exit_code;
  } cases[] = {
      {"--help", 0},
      {"help", 0},
      {"worker kill 1", 1},
      {"worker add 1000", 1},
      {"", 2},
      {"' '", 2},
      {"nonsense", 2},
      {"show nonsense", 2},
      {"show stats more", 2},
      {"worker add none", 2},
      {"worker kill", 2},
      {"worker kill me", 2},
      {"shutdown now", 2},
      {"--nonsense", 2},
      {"show stats --wait", 2},
      {"reload --wait soon", 2},
      {"reload --wait 0", 2},
      {"reload --wait -1", 2},
      {"reload --wait nan", 2},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(control.Run(c.command).exit_code, c.exit_code) << c.command;
  }
}

TEST(Control, SaysByTheExitCodeThatThereIsNoServer) {
  const Said said = RunControl("-s /nonexistent -j help 2>/dev/null");
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_EQ(JsonOf(said.text)["error"],
            "cannot connect to the control socket '/nonexistent': there is none; is "
            "server.control_socket set? Name it with -s");
}

TEST(Control, TellsErrorsAsJsonToo) {
  ControlSite control;
  const std::pair<const char*, const char*> cases[] = {
      {"--json worker kill 1", "'1' is not the pid of a worker"},
      {"-j show nonsense",
       "Invalid argument: Unknown show target: nonsense; there are workers, stats, histograms, "
       "config, listeners, all"},
      {"-j --nonsense", "The following argument was not expected: --nonsense (see --help)"},
      {"show stats --wait --json", "--wait goes with reload only (see --help)"},
  };
  for (const auto& [command, error] : cases) {
    const Said said = control.Run(std::string(command) + " 2>/dev/null");
    EXPECT_EQ(JsonOf(said.text), json({{"error", error}})) << said.text;
    EXPECT_EQ(control.Run(std::string(command) + " 2>&1 >/dev/null").text,
              fmt::format("Error: {}\n", error));
  }
}

TEST(Control, NamesTheRoomAndTheWayOutWhereverItEnds) {
  ControlSite control;
  const std::string room =
      "this master has room for 16 workers; for more raise server.workers, then USR2 or a restart "
      "brings a master with more room\n";
  EXPECT_EQ(control.Run("worker add 15").text, "Error: " + room);
  EXPECT_EQ(control.Data("worker add 14")["total"], 16);
  control.server().Signal(SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return control.server().LogHas("TTIN ignored: " + room); }));
  std::string config = SiteConfig();
  config.replace(config.find("workers = 2"), 11, "workers = 17");
  ASSERT_TRUE(WriteFile(control.site().dir().File("sqlicorn.toml"), config));
  const Said said = control.Run("reload --wait 20");
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_TRUE(said.text.ends_with("server.workers = 17: " + room)) << said.text;
}

TEST(Control, IsOpenToItsOwnerOnly) {
  const ControlSite control;

  struct stat info {};

  ASSERT_EQ(stat(control.path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(Control, StartsOverTheSocketOfAKilledMaster) {
  ControlSite control;
  control.server().Signal(SIGKILL);
  ASSERT_EQ(control.server().WaitForEnd(), "signal 9");
  EXPECT_TRUE(control.site().dir().Has("ctl"));
  control.Start();
  EXPECT_EQ(control.Data("show stats")["pid"], control.server().pid());
}

TEST(Control, KeepsASecondServerFromTheSocketOfAnother) {
  ControlSite control;
  Site other;
  other.Launch({.config = SiteConfig(), .arguments = {"--control-socket", control.path()}});
  EXPECT_EQ(other.server().WaitForEnd(), "exit 1");
  EXPECT_TRUE(other.server().LogHas("another process listens there")) << other.server().log();
  EXPECT_EQ(control.Data("show stats")["pid"], control.server().pid());
}

UniqueFd Connect(const std::string& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress address = SocketAddress::Unix(path).value();
  EXPECT_EQ(connect(fd.get(), address.raw(), address.length()), 0);
  return fd;
}

TEST(Control, SurvivesNonsenseAndSilence) {
  ControlSite control;
  const UniqueFd silent = Connect(control.path());
  const UniqueFd half = Connect(control.path());
  send(half.get(), "\0\0\1", 3, MSG_NOSIGNAL);
  const UniqueFd http = Connect(control.path());
  send(http.get(), "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL);
  EXPECT_EQ(control.Data("show stats")["workers_target"], 2);
}

// A worker that holds the master's side of a connection would keep it open for ever.
TEST(Control, ClosesItsClientsWithTheMasterAlone) {
  ControlSite control;
  const UniqueFd client = Connect(control.path());
  ASSERT_EQ(control.Data("worker add")["added"], 1);  // forked while the client is connected
  ASSERT_TRUE(control.BecomesReady(3));
  const pid_t worker = control.server().workers().back();
  ASSERT_EQ(kill(worker, SIGSTOP), 0);
  control.server().Signal(SIGKILL);
  ASSERT_EQ(control.server().WaitForEnd(), "signal 9");
  timeval limit{.tv_sec = 20, .tv_usec = 0};
  setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  char byte = 0;
  EXPECT_EQ(recv(client.get(), &byte, 1, 0), 0);
}

}  // namespace
}  // namespace sqlicorn
