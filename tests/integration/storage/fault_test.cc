// SPDX-License-Identifier: MIT
// Servers over disks, file systems and clocks that do what they must not: see
// tests/support/faults.cc.
#include <sys/resource.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/preload.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

std::string ErrorLine(const ServerProcess& server) {
  const std::string log = server.log();
  const std::size_t at = log.find("Error: ");
  return at == std::string::npos ? "none in: " + log : log.substr(at, log.find('\n', at) - at);
}

struct BrokenLocks {
  const char* fault;
  const char* reason;
};

class FileLocks : public testing::TestWithParam<BrokenLocks> {};

TEST_P(FileLocks, ThatDoNotWorkStopTheStartBeforeAnythingIsBound) {
  for (const char* check : {"", "--check-config"}) {
    SCOPED_TRACE(check);
    Site site;
    std::vector<std::string> arguments;
    if (*check != '\0') {
      arguments.emplace_back(check);
    }
    ServerProcess& server =
        site.Launch({.config = SiteConfig(), .arguments = std::move(arguments), .in_child = [] {
                       Preload("SQLICORN_FAULT_LOCKS", GetParam().fault);
                     }});
    EXPECT_EQ(server.WaitForEnd(), "exit 1");
    EXPECT_TRUE(Matches(ErrorLine(server), "test.db': file locks do not work in directory '" +
                                               site.dir().path() + "' [(]" + GetParam().reason +
                                               "[)].*put it on a local disk"))
        << server.log();
    EXPECT_EQ(server.port(), 0) << "it was bound";
    EXPECT_FALSE(site.dir().Has("test.db"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(site.dir().path()), {}), 3)
        << "schema, configuration and log are there, and something else";
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, FileLocks,
                         testing::Values(BrokenLocks{"granted", "two processes got the same one"},
                                         BrokenLocks{"refused", "No locks available"}),
                         [](const auto& named) { return std::string(named.param.fault); });

TEST(FailedSync, FailsTheWriteReplacesTheWorkerAndPasses) {
  Site site;
  const std::string flag = site.dir().File("sync-fails");
  ServerProcess& server =
      site.StartWith({.arguments = {"-w", "1", "--set", "database.scheduler=group", "--set",
                                    "database.pragmas.synchronous=full"},
                      .in_child = [&flag] { Preload("SQLICORN_FAULT_SYNC", flag); }},
                     1);
  const std::vector<pid_t> before = server.workers();
  EXPECT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=before")).status, 200);
  ASSERT_TRUE(WriteFile(flag, ""));
  const HttpAnswer refused = RawClient(server.port()).Ask(PostForm("/add/", "name=lost"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("SQLITE_IOERR_FSYNC"), std::string::npos) << refused.body;
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).body, R"([{"notes":1}])");
  EXPECT_TRUE(WaitFor([&] { return server.LogHas("Replacing this worker: an I/O error"); }))
      << server.log();
  ASSERT_TRUE(std::filesystem::remove(flag));
  EXPECT_TRUE(WaitFor([&] {
    const std::vector<pid_t> now = server.workers();
    return now.size() == 1 && now != before;
  })) << server.log();
  EXPECT_EQ(RawClient(server.port()).Ask(PostForm("/add/", "name=after")).status, 200);
  EXPECT_EQ(site.Ask("SELECT group_concat(name) FROM note"), "before,after");
}

// A disk that fails for good costs a worker a second at most, and reads go on.
TEST(FailedSync, ThatLastsDoesNotEatTheMachine) {
  Site site;
  const std::string flag = site.dir().File("sync-fails");
  ServerProcess& server =
      site.StartWith({.arguments = {"-w", "1", "--set", "database.pragmas.synchronous=full"},
                      .in_child = [&flag] { Preload("SQLICORN_FAULT_SYNC", flag); }},
                     1);
  ASSERT_TRUE(WriteFile(flag, ""));
  const TimePoint start = Clock::now();
  int refused = 0;
  while (Clock::now() - start < std::chrono::seconds(2)) {
    refused += RawClient(server.port()).Ask(PostForm("/add/", "name=lost")).status == 503 ? 1 : 0;
  }
  EXPECT_GT(refused, 3);
  std::size_t boots = 0;
  const std::string log = server.log();
  for (std::size_t at = 0; (at = log.find("Booting worker", at)) != std::string::npos; ++at) {
    ++boots;
  }
  EXPECT_LE(boots, 1U + 3U) << log;
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).body, R"([{"notes":0}])");
}

// Pages that change under the server: answered, logged, and the worker goes on with the rest.
TEST(DatabaseDamagedMeanwhile, IsAnsweredAndDoesNotLoop) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--set", "database.pragmas.journal_mode=delete",
                                      "--set", "database.scheduler=group"},
                                     1);
  const std::vector<pid_t> workers = server.workers();
  RawClient client(server.port());
  ASSERT_EQ(client.Ask(PostForm("/add/", "name=a")).status, 200);
  std::string bytes = ReadFile(site.database_path()).value();
  const std::size_t change_counter = 24;
  bytes[change_counter] = '\x7f';  // so that nobody trusts what he has read before
  bytes.replace(4096, bytes.size() - 4096, std::string(bytes.size() - 4096, '\xff'));
  {
    std::ofstream file(site.database_path(), std::ios::in | std::ios::binary);
    file << bytes;
  }
  for (const std::string& request : {Get("/count/"), PostForm("/add/", "name=b")}) {
    const HttpAnswer answer = client.Ask(request);
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.body.find("SQLITE_CORRUPT"), std::string::npos) << answer.body;
  }
  EXPECT_TRUE(server.LogHas("database disk image is malformed (SQLITE_CORRUPT)")) << server.log();
  EXPECT_EQ(client.Ask(Get("/big/?bytes=2")).body, R"([{"zeros":"00"}])");
  EXPECT_EQ(server.workers(), workers);
}

// The line of writers needs a descriptor for every worker there may be, 32 with these twelve.
// Seconds since 1970; 0 when it is no date.
std::time_t DateOf(const HttpAnswer& answer) {
  std::tm date{};
  return strptime(answer.Header("Date").c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr
             ? 0
             : timegm(&date);
}

TEST(WallClock, ThatJumpsAnHourIsShownAndMeasuresNothing) {
  Site site;
  const std::string offset = site.dir().File("offset");
  ServerProcess& server = site.StartWith(
      {.arguments = {"-t", "1", "--set", "database.timeout=0.5", "--set",
                     "database.write_queue_timeout=60", "--set", "database.scheduler=group"},
       .in_child = [&offset] { Preload("SQLICORN_FAULT_CLOCK", offset); }});
  const std::vector<pid_t> before = server.workers();
  SqliteFile other(site.database_path());
  other.Run("BEGIN IMMEDIATE");
  RawClient waiting(server.port());
  ASSERT_TRUE(waiting.Send(PostForm("/add/", "name=waits")));
  RawClient open(server.port());
  for (const int jump : {3600, -3600}) {
    ASSERT_TRUE(WriteFile(offset, std::to_string(jump)));
    const TimePoint start = Clock::now();
    std::time_t shown = 0;
    do {
      shown = DateOf(open.Ask(Get("/count/"))) - std::time(nullptr);
    } while (Clock::now() - start < std::chrono::milliseconds(1500));  // longer than the timeout
    EXPECT_NEAR(static_cast<double>(shown), jump, 60);
  }
  other.Run("ROLLBACK");
  EXPECT_EQ(waiting.ReadAnswer().status, 200);
  EXPECT_EQ(server.workers(), before) << server.log();
}

TEST(WriteQueue, ThatCannotBeHadBecomesRetry) {
  Site site;
  ServerProcess& server =
      site.StartWith({.arguments = {"-w", "12", "--set", "database.scheduler=group"},
                      .in_child =
                          [] {
                            const rlimit limit{36, 36};
                            setrlimit(RLIMIT_NOFILE, &limit);
                          }},
                     12);
  EXPECT_TRUE(Matches(server.log(),
                      "WARNING. the write queue cannot be had [(]a process may have 36 open files "
                      "[(]ulimit -n[)].*[)]: fifo and group become retry"))
      << server.log();
  SqliteFile foreign(site.database_path());
  foreign.Run("BEGIN IMMEDIATE");
  RawClient writer(server.port());
  ASSERT_TRUE(writer.Send(PostForm("/add_immediate/", "name=a")));
  RawClient reader(server.port());
  EXPECT_EQ(reader.Ask(Get("/count/")).body, R"([{"notes":0}])");
  foreign.Run("COMMIT");
  EXPECT_EQ(writer.ReadAnswer().status, 200);
}

TEST(FailedWorker, ThatAbortsItselfIsNoTimeoutAndSaysWhatItWasAt) {
  Site site;
  const std::string flag = site.dir().File("abort");
  ServerProcess& server = site.StartWith(
      {.arguments = {"-w", "1"}, .in_child = [&flag] { Preload("SQLICORN_FAULT_ABORT", flag); }},
      1);
  const pid_t worker = server.workers().front();
  ASSERT_TRUE(WriteFile(flag, ""));
  RawClient client(server.port());
  ASSERT_TRUE(client.Send(PostForm("/add_immediate/", "name=x")));
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(WaitFor([&] {
    return server.LogHas(
        fmt::format("Worker (pid:{}) was sent SIGABRT, not by the master.", worker));
  })) << server.log();
  const std::string begin =
      fmt::format("[CRITICAL] Failed worker (pid:{}) was at POST /add_immediate/", worker);
  EXPECT_TRUE(server.LogHas(begin)) << server.log();
  EXPECT_TRUE(server.LogHas("; it aborts itself, not told by the master: a fault of the program"));
  EXPECT_FALSE(server.LogHas("TIMEOUT"));
  EXPECT_TRUE(WaitFor([&] {
    return RawClient(server.port()).Ask(PostForm("/add_immediate/", "name=y")).status == 200;
  })) << server.log();
}

}  // namespace
}  // namespace sqlicorn
