// SPDX-License-Identifier: MIT
// Reads that take long, and what is served beside them at the same worker.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/http/long_read_testing.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;

TEST_F(LongReads, KeepsNobodyElseAtItsWorkerWaiting) {
  Start();
  const auto spin = Begin(kEndlessSpin);
  RawClient client(server().port());
  Duration longest{};
  for (int i = 0; i < 200; ++i) {
    const TimePoint sent = Clock::now();
    ASSERT_EQ(client.Ask(Get("/count/")).status, 200);
    ASSERT_EQ(client.Ask(PostForm("/add/", "name=x")).status, 200);
    longest = std::max(longest, Clock::now() - sent);
  }
  EXPECT_LT(longest, seconds(1));
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/count/")).status, 200) << "a new client";
}

TEST_F(LongReads, SeesTheDatabaseAsItWasWhenItBegan) {
  Start();
  const auto spin = Begin("/spin/?n=3000000");
  EXPECT_EQ(Add(), 200);
  EXPECT_EQ(spin->ReadAnswer().body, R"([{"top":3000000,"notes":0}])");
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/spin/?n=1")).body, R"([{"top":1,"notes":1}])");
}

TEST_F(LongReads, AHundredAtOnceShareTheTimeAndEndEachWithOneAnswer) {
  Start("wal", "statement_timeout = 2");
  const pid_t worker = server().workers().front();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<RawClient>(server().port()));
    ASSERT_TRUE(clients.back()->Send(Get(kEndlessSpin)));
  }
  for (int i = 0; i < 20; ++i) {
    const TimePoint sent = Clock::now();
    EXPECT_EQ(Count().status, 200);
    EXPECT_LT(Clock::now() - sent, seconds(1));
  }
  int ran = 0;
  for (const auto& client : clients) {
    const HttpAnswer answer = client->ReadAnswer();
    ran += answer.status == 504 ? 1 : 0;
    EXPECT_EQ(answer.Header("Retry-After"), answer.status == 504 ? "" : "1");
    const char* const why = answer.status == 504 ? "than database.statement_timeout .2 s"
                                                 : "in database.statement_timeout .2 s.*long_";
    EXPECT_TRUE(Matches(answer.body, why)) << answer.status << answer.body;
  }
  EXPECT_GE(ran, 8);
  EXPECT_EQ(server().workers().front(), worker);
  ExpectNoReader();
}

TEST_F(LongReads, EndsAtTheLimitOfItsEndpointAndIsLoggedOnce) {
  Start("wal", "statement_timeout = 60");
  RawClient client(server().port());
  const HttpAnswer answer = client.Ask(Get("/soon/?n=1000000000000000"));
  EXPECT_EQ(answer.status, 504);
  EXPECT_NE(answer.body.find("the statement_timeout of the endpoint (0.2 s)"), std::string::npos)
      << answer.body;
  EXPECT_EQ(client.Ask(Get("/count/")).status, 200) << "the connection is kept";
  EXPECT_EQ(CountOf(server().log(), "it took longer than "), 1U) << server().log();
}

// The heart beats on, so that nobody kills the worker: the same time ends the read instead.
TEST_F(LongReads, EndsAtTheTimeoutOfTheServerWhereThereIsNoOther) {
  Start("wal", "", "timeout = 6");
  const pid_t worker = server().workers().front();
  const HttpAnswer answer = RawClient(server().port()).Ask(Get(kEndlessSpin));
  EXPECT_EQ(answer.status, 504);
  EXPECT_NE(answer.body.find("server.timeout (6 s)"), std::string::npos) << answer.body;
  EXPECT_EQ(server().workers().front(), worker);
}

TEST_F(LongReads, AWriteAtItsLimitIsUndone) {
  Start();
  const HttpAnswer answer =
      RawClient(server().port()).Ask(PostForm("/fill/", "n=1000000000000000"));
  EXPECT_EQ(answer.status, 504);
  EXPECT_NE(answer.body.find("(0.3 s)"), std::string::npos) << answer.body;
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"), "0");
  EXPECT_EQ(Add(), 200);
}

TEST_F(LongReads, OfAReplacedDatabaseIsRefusedOnce) {
  Serve({});
  Start();
  const auto spin = Begin(kEndlessSpin);
  Restore();
  EXPECT_EQ(spin->ReadAnswer().status, 503);
  EXPECT_EQ(Count().status, 503);
  EXPECT_EQ(CountOf(server().log(), "GET /spin/"), 1U) << server().log();
}

TEST_F(LongReads, OutlivesAChangeOfTheSchema) {
  Start();
  const auto spin = Begin("/spin/?n=3000000");
  SqliteFile(path()).Run("ALTER TABLE note RENAME TO old");
  EXPECT_EQ(spin->ReadAnswer().body, R"([{"top":3000000,"notes":0}])");
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/spin/?n=3000000")).status, 503);
  SqliteFile(path()).Run("ALTER TABLE old RENAME TO note");
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/spin/?n=3000000")).status, 200);
}

TEST_F(LongReads, IsWaitedForByAGracefulStop) {
  Start();
  const auto spin = Begin("/spin/?n=8000000");
  server().Signal(SIGTERM);
  EXPECT_EQ(spin->ReadAnswer().body, R"([{"top":8000000,"notes":0}])");
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
}

TEST_F(LongReads, IsEndedByAGracefulStopThatIsOver) {
  Start("wal", "", "graceful_timeout = 1");
  std::vector<std::unique_ptr<RawClient>> spins;
  for (int i = 0; i < 6; ++i) {
    spins.push_back(Begin(kEndlessSpin));
  }
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  for (const auto& spin : spins) {
    EXPECT_EQ(spin->ReadAnswer().status, 0);
  }
  // By the worker itself, which names them all, and not by the master.
  EXPECT_FALSE(server().LogHas("graceful_timeout was over")) << server().log();
  EXPECT_EQ(CountOf(ContentOf(site_.dir().File("access.log")), "/spin/"), spins.size());
}

TEST_F(LongReads, IsInterruptedByAQuickStop) {
  Start();
  const auto spin = Begin(kEndlessSpin);
  const TimePoint told = Clock::now();
  server().Signal(SIGQUIT);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  EXPECT_LT(Clock::now() - told, seconds(3));
  EXPECT_EQ(spin->ReadAnswer().status, 0);
}

// The reader has a shared lock on the file, and COMMIT waits for it by a timer.
TEST_F(LongReads, WithARollbackJournalIsWaitedForByAWrite) {
  Start("delete", "timeout = 20");
  const auto spin = Begin("/spin/?n=4000000");
  RawClient writer(server().port());
  ASSERT_TRUE(writer.Send(PostForm("/add/", "name=x")));
  EXPECT_EQ(spin->ReadAnswer().body, R"([{"top":4000000,"notes":0}])");
  EXPECT_EQ(writer.ReadAnswer().status, 200);
  EXPECT_EQ(Count().body, R"([{"notes":1}])");
}

// Reads that overlap without an end keep out a write that gives its locks back when it is refused.
TEST_F(LongReads, WithARollbackJournalLetEveryWriteThrough) {
  for (const char* kind : {"none", "busy", "retry", "fifo", "group"}) {
    Start("delete", fmt::format("scheduler = \"{}\"\ntimeout = 3", kind));
    std::string requests;
    for (int i = 0; i < 20; ++i) {
      requests += Get("/spin/?n=600000");
    }
    std::vector<std::unique_ptr<RawClient>> readers(3);
    for (auto& reader : readers) {
      reader = std::make_unique<RawClient>(server().port());
      EXPECT_EQ(reader->Ask(requests).status, 200) << kind;
    }
    EXPECT_EQ(Add(), 200) << kind;
  }
}

// Without slices, as where a stack cannot be had.
TEST_F(LongReads, IsRunToItsEndWhereReadsAreNotSliced) {
  Start("wal", "read_slice = \"0us\"");
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/spin/?n=300000")).body,
            R"([{"top":300000,"notes":0}])");
  EXPECT_EQ(RawClient(server().port()).Ask(Get("/soon/?n=1000000000000000")).status, 504);
}

// No lock is in their way.
TEST_F(LongReads, ThatWaitedInVainAreToldOfByThat) {
  Start("wal", "long_reads = 1");
  const auto spin = Begin(kEndlessSpin);
  std::vector<std::unique_ptr<RawClient>> late;
  for (int i = 0; i < 40; ++i) {
    late.push_back(std::make_unique<RawClient>(server().port()));
    ASSERT_TRUE(late.back()->Send(Get("/soon/?n=1000000000000000")));
  }
  for (const auto& client : late) {
    EXPECT_EQ(client->ReadAnswer().status, 503);
  }
  EXPECT_TRUE(WaitFor([&] {
    return server().LogHas(" more like it: requests whose turn did not come\n");
  })) << server().log();
}

}  // namespace
}  // namespace sqlicorn
