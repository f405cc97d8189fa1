// SPDX-License-Identifier: MIT
#include <algorithm>
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/in_flight.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"

namespace sqlicorn {
namespace {

bool ShareNobody(const std::vector<pid_t>& a, const std::vector<pid_t>& b) {
  return std::none_of(a.begin(), a.end(),
                      [&](pid_t pid) { return std::find(b.begin(), b.end(), pid) != b.end(); });
}

std::string WithPidfile(const std::string& path) {
  std::string config = SiteConfig();
  const std::string_view table = "[server]\n";
  return config.insert(config.find(table) + table.size(), fmt::format("pidfile = \"{}\"\n", path));
}

TEST(Hup, ReplacesEveryWorkerAndNoAnswerIsLost) {
  Site site;
  ServerProcess& server = site.Start({"--set", "database.scheduler=group"});
  const std::vector<pid_t> before = server.workers();
  Writers writers(server.port(), "/immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 20; }));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done: 2 workers"); })) << server.log();
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 2 && ShareNobody(before, now);
  }));
  const int after_reload = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > after_reload + 20; }));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
}

TEST(Hup, NeedsNoTurnToWriteWhenTheSchemaIsAsItWas) {
  Site site;
  ServerProcess& server = site.Start();
  SqliteFile other(site.database_path());
  other.Run("BEGIN IMMEDIATE");
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  other.Run("ROLLBACK");
}

TEST(Hup, WithANewPidFilePathMovesTheFile) {
  Site site;
  const std::string first = site.dir().File("first.pid");
  const std::string second = site.dir().File("second.pid");
  ServerProcess& server = site.StartWith({.config = WithPidfile(first), .arguments = {}});
  EXPECT_EQ(ReadFile(first).value(), fmt::format("{}\n", server.pid()));
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"), WithPidfile(second)));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done"); })) << server.log();
  EXPECT_EQ(ReadFile(second).value(), fmt::format("{}\n", server.pid()));
  EXPECT_FALSE(ReadFile(first).ok());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(ReadFile(second).ok());
}

TEST(Hup, WithAPidFileOfAnotherServerChangesNothing) {
  Site site;
  Site other;
  const std::string taken = other.dir().File("taken.pid");
  other.Start({"-p", taken});
  ServerProcess& server = site.Start();
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"), WithPidfile(taken)));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("already running on pid"); })) << server.log();
  EXPECT_EQ(ReadFile(taken).value(), fmt::format("{}\n", other.server().pid()));
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

TEST(Hup, WithABrokenConfigurationChangesNothing) {
  Site site;
  const std::string pidfile = site.dir().File("pid");
  ServerProcess& server = site.Start({"-p", pidfile});
  const std::vector<pid_t> before = server.workers();
  const std::string path = site.dir().File("sqlicorn.toml");
  ASSERT_TRUE(WriteFile(path, ReadFile(path).value() + "\nnonsense = true\nmore = 1\n"));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("unknown key 'more'"); })) << server.log();
  EXPECT_TRUE(server.LogHas(fmt::format("Reload failed, the old configuration stays: {}:", path)))
      << server.log();
  EXPECT_TRUE(server.LogHas("unknown key 'nonsense'")) << server.log();
  EXPECT_EQ(server.workers(), before);
  EXPECT_EQ(ReadFile(pidfile).value(), fmt::format("{}\n", server.pid()));
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

TEST(Hup, WithAStatementThatDoesNotPrepareChangesNothing) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  const std::string path = site.dir().File("sqlicorn.toml");
  ASSERT_TRUE(WriteFile(path, ReadFile(path).value() + R"(
[[endpoint]]
path = "/new/"
steps = ["new"]

[statements.unused]
)"));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas("Reload failed, the old configuration stays: ");
  })) << server.log();
  EXPECT_EQ(server.workers(), before);
}

TEST(Hup, CompletesTheRequestInFlightOnItsOldWorker) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  const auto client = BeginBody(server.port());
  const pid_t worker = site.WorkerOf(*client);
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return server.LogHas("Reload done") && now.size() == 3 && now.front() == worker;
  })) << server.log();
  EXPECT_EQ(FinishBody(*client).status, 200);
  client->Reset();
  EXPECT_TRUE(WaitFor([&] { return ShareNobody(before, server.workers()); }));
}

TEST(Hup, WithMoreWorkersForgetsTtinAndTtou) {
  Site site;
  ServerProcess& server = site.Start();
  server.Signal(SIGTTIN);
  server.Signal(SIGTTOU);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Handling signal: ttou"); }));
  server.Signal(SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 3; }));
  const std::vector<pid_t> before = server.workers();
  std::string config = SiteConfig();
  config.replace(config.find("workers = 2"), 11, "workers = 4");
  ASSERT_TRUE(WriteFile(site.dir().File("sqlicorn.toml"), config));
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 4 && ShareNobody(before, now);
  })) << server.log();
}

TEST(Hup, LeavesTheValuesOfTheCommandLineInForce) {
  Site site;
  ServerProcess& server = site.Start({"-w", "3"}, 3);
  const std::vector<pid_t> before = server.workers();
  server.Signal(SIGHUP);
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Reload done: 3 workers"); })) << server.log();
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 3 && ShareNobody(before, now);
  }));
}

TEST(TtinAndTtou, AddAWorkerAndLetTheOldestGo) {
  Site site;
  ServerProcess& server = site.Start();
  const std::vector<pid_t> before = server.workers();
  server.Signal(SIGTTIN);
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 3; }));
  server.Signal(SIGTTOU);
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 2; }));
  const std::vector<pid_t> after = server.workers();
  EXPECT_EQ(std::find(after.begin(), after.end(), before.front()), after.end());
}

TEST(Usr2, StartsASecondMasterThatIsPromoted) {
  Site site;
  const std::string pidfile = site.dir().File("pid");
  ServerProcess& server = site.Start({"-p", pidfile});
  const int port = server.port();
  server.Signal(SIGUSR2);
  EXPECT_TRUE(WaitFor([&] { return ReadFile(pidfile + ".2").ok(); })) << server.log();
  EXPECT_EQ(ReadFile(pidfile).value(), std::to_string(server.pid()) + "\n");
  const std::string successor = ReadFile(pidfile + ".2").value();
  EXPECT_TRUE(WaitFor([&] { return server.workers().size() == 3; }));  // its master among them
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_TRUE(WaitFor([&] {
    const auto content = ReadFile(pidfile);
    return content.ok() && *content == successor;
  })) << server.log();
  EXPECT_FALSE(ReadFile(pidfile + ".2").ok());
  EXPECT_EQ(RawClient(port).Ask(Get("/count/")).status, 200);
}

TEST(MaxRequests, ReplacesTheWorkerAndLosesNoRequest) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--max-requests", "3"}, 1);
  const std::vector<pid_t> before = server.workers();
  RawClient client(server.port());
  // The look whether the server is ready was its first request.
  EXPECT_EQ(client.Ask(Get("/count/")).Header("Connection"), "keep-alive");
  EXPECT_EQ(client.Ask(Get("/count/")).Header("Connection"), "close");
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 1 && ShareNobody(before, now);
  })) << server.log();
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).status, 200);
}

}  // namespace
}  // namespace sqlicorn
