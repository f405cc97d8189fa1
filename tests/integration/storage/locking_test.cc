// SPDX-License-Identifier: MIT
#include <chrono>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Another program in the middle of a write.
class ForeignWriter {
 public:
  explicit ForeignWriter(const Site& site) : database_(site.database_path()) {
    database_.Run("BEGIN IMMEDIATE");
  }

  void Commit() { database_.Run("COMMIT"); }

 private:
  SqliteFile database_;
};

TEST(DeferredReadThenWrite, FailsCleanlyUnderLoad) {
  Site site;
  ServerProcess& server = site.Start();
  Writers writers(server.port(), "/deferred/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.refused() > 5 && writers.acknowledged() > 5; }));
  writers.Stop();
  const std::string busy = "\"detail\":\"database is locked [(]SQLITE_BUSY(_SNAPSHOT)?[)]\"";
  for (const Writers::Refusal& refusal : writers.Refusals()) {
    SCOPED_TRACE(refusal.name);
    EXPECT_EQ(refusal.status, 503);
    EXPECT_TRUE(Matches(refusal.body, busy)) << refusal.body;
    EXPECT_EQ(refusal.retry_after, "1");
    EXPECT_EQ(refusal.next_status, 200);
    EXPECT_EQ(site.Ask(fmt::format("SELECT 1 FROM note WHERE name = '{}'", refusal.name)), "");
  }
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
  EXPECT_TRUE(server.LogHas("[WARNING] POST /deferred/: database is locked (SQLITE_BUSY"))
      << server.log();
}

TEST(ImmediateReadThenWrite, NeverFailsUnderTheSameLoad) {
  Site site;
  ServerProcess& server = site.Start();
  Writers writers(server.port(), "/immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 100; }));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
}

TEST(BusyStatus, IsTheStatusOfARequestThatCouldNotGetTheLock) {
  Site site;
  ServerProcess& server =
      site.Start({"--set", "database.busy_status=500", "--set", "database.scheduler=none"});
  const ForeignWriter writer(site);
  const HttpAnswer answer = RawClient(server.port()).Ask(PostForm("/add/", "name=a"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(Matches(answer.body, R"("detail":"database is locked [(]SQLITE_BUSY[)]")"))
      << answer.body;
}

// Found by a comparison: the resets of clients whose idle time ran out while the loop stood still.
TEST(BusyHandler, DoesNotCostOtherClientsTheirConnections) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--set", "server.keepalive=0.5", "--set",
                                      "database.timeout=2", "--set", "database.scheduler=busy"},
                                     1);
  RawClient other(server.port());
  EXPECT_EQ(other.Ask(Get("/count/")).status, 200);
  const ForeignWriter writer(site);
  RawClient waiting(server.port());
  waiting.Send(PostForm("/add/", "name=a"));
  other.Send(Get("/count/"));
  EXPECT_EQ(waiting.ReadAnswer().status, 503);
  EXPECT_EQ(other.ReadAnswer().status, 200);
}

TEST(SchedulerNone, FailsAtOnceAndGoesOnReading) {
  Site site;
  ServerProcess& server = site.Start({"--set", "database.scheduler=none"});
  ForeignWriter writer(site);
  RawClient client(server.port());
  const TimePoint start = Clock::now();
  EXPECT_EQ(client.Ask(PostForm("/add/", "name=a")).status, 503);
  EXPECT_EQ(client.Ask(PostForm("/add_immediate/", "name=b")).status, 503);
  EXPECT_EQ(client.Ask(Get("/count/")).status, 200);
  EXPECT_LT(Clock::now() - start, seconds(2)) << "database.timeout is 5 s";
  writer.Commit();
  EXPECT_EQ(client.Ask(PostForm("/add/", "name=c")).status, 200);
  EXPECT_EQ(site.Ask("SELECT group_concat(name) FROM note"), "c");
}

struct Waiting {
  const char* scheduler;
  const char* path;

  friend void PrintTo(const Waiting& self, std::ostream* out) { *out << self.scheduler; }
};

class WaitingScheduler : public testing::TestWithParam<Waiting> {
 protected:
  ServerProcess& Start(const char* timeout) {
    return site_.Start({"--set", std::string("database.scheduler=") + GetParam().scheduler, "--set",
                        std::string("database.timeout=") + timeout});
  }

  [[nodiscard]] static std::string Write() { return PostForm(GetParam().path, "name=waited"); }

  Site site_;
};

TEST_P(WaitingScheduler, SucceedsWhenTheLockIsReleased) {
  ServerProcess& server = Start("20");
  ForeignWriter writer(site_);
  RawClient waiting(server.port(), milliseconds(300));
  EXPECT_EQ(waiting.Ask(Write()).status, 0) << "it did not wait";
  writer.Commit();
  EXPECT_TRUE(WaitFor([&] { return waiting.ReadAnswer().status == 200; }));
  EXPECT_EQ(site_.Ask("SELECT name FROM note"), "waited");
}

TEST_P(WaitingScheduler, GivesUpAfterTheTimeout) {
  ServerProcess& server = Start("0.5");
  const ForeignWriter writer(site_);
  RawClient client(server.port());
  const TimePoint start = Clock::now();
  const HttpAnswer answer = client.Ask(Write());
  const Duration waited = Clock::now() - start;
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Header("Retry-After"), "1");
  EXPECT_GE(waited, milliseconds(400));
  EXPECT_LT(waited, seconds(3));
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"), "0");
}

TEST_P(WaitingScheduler, LetsOtherWorkersReadMeanwhile) {
  ServerProcess& server = Start("20");
  ForeignWriter writer(site_);
  RawClient waiting(server.port());
  ASSERT_EQ(waiting.Ask(Get("/count/")).status, 200);
  const auto reader = site_.ConnectBeside(site_.WorkerOf(waiting));
  ASSERT_TRUE(waiting.Send(Write()));
  const TimePoint start = Clock::now();
  EXPECT_EQ(reader->Ask(Get("/count/")).body, R"([{"notes":0}])");
  EXPECT_LT(Clock::now() - start, seconds(1));
  writer.Commit();
  EXPECT_EQ(waiting.ReadAnswer().status, 200);
}

// Autocommit (/add/) and immediate transactions wait alike.
INSTANTIATE_TEST_SUITE_P(
    Schedulers, WaitingScheduler,
    testing::Values(Waiting{"busy", "/add/"}, Waiting{"busy", "/add_immediate/"},
                    Waiting{"constant", "/add/"}, Waiting{"constant", "/add_immediate/"}),
    [](const auto& named) {
      return std::string(named.param.scheduler) +
             (std::string_view(named.param.path) == "/add/" ? "Autocommit" : "Immediate");
    });

}  // namespace
}  // namespace sqlicorn
