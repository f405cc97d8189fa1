// SPDX-License-Identifier: MIT
// Reads that take long, and what is served beside them at the same worker.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/served_database.h"
#include "tests/support/matches.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;

constexpr const char* kEndless = "/spin/?n=1000000000000000";

// /spin/ counts to n, over a snapshot of the notes.
std::string LongReadConfig(std::string_view database, std::string_view server = "") {
  return fmt::format(R"toml(
[server]
workers = 1
keepalive = 30
accesslog = "access.log"
{}
[database]
schema = ["schema.sql"]
{}
[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES (:name)"
fill = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
INSERT INTO note (name) SELECT i FROM n"""
spin = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT max(i) AS top, (SELECT count(*) FROM note) AS notes FROM n"""
[params.p]
n = {{ type = "integer", default = 1 }}
name = {{ type = "text", default = "x" }}
[[endpoint]]
path = "/count/"
steps = ["count"]
respond = "rows"
[[endpoint]]
path = "/add/"
methods = ["POST"]
params = "p"
transaction = "none"
steps = ["add"]
[[endpoint]]
path = "/fill/"
methods = ["POST"]
params = "p"
transaction = "immediate"
steps = ["add", "fill"]
statement_timeout = 0.3
[[endpoint]]
path = "/spin/"
params = "p"
steps = ["spin"]
respond = "rows"
[[endpoint]]
path = "/soon/"
params = "p"
steps = ["spin"]
respond = "rows"
statement_timeout = 0.2
)toml",
                     server, database);
}

class LongReads : public ServedDatabase {
 protected:
  void Start(std::string_view journal_mode = "wal", std::string_view database = "",
             std::string_view server = "") {
    const std::string pragmas =
        fmt::format("{}\n[database.pragmas]\njournal_mode = \"{}\"\n", database, journal_mode);
    site_.StartWith({.config = LongReadConfig(pragmas, server),
                     .arguments = {"--access-logfile", site_.dir().File("access.log")}},
                    1);
  }

  // In the worker's hand when this returns.
  std::unique_ptr<RawClient> Begin(std::string_view path) {
    auto client = std::make_unique<RawClient>(server().port());
    EXPECT_TRUE(client->Send(Get(path)));
    // A later request that is answered proves that the earlier one was read.
    EXPECT_EQ(Count().status, 200);
    return client;
  }

  // Nothing reads of the database any more. Waits until then.
  void ExpectNoReader() {
    SqliteFile other(path());
    other.Run("PRAGMA user_version = 7");
    EXPECT_EQ(other.Ask("PRAGMA wal_checkpoint(TRUNCATE)"), "0|0|0");
  }

  [[nodiscard]] bool AccessLogHas(const std::string& pattern) const {
    return WaitFor([&] { return Matches(ContentOf(site_.dir().File("access.log")), pattern); });
  }
};

TEST_F(LongReads, KeepsNobodyElseAtItsWorkerWaiting) {
  Start();
  const auto spin = Begin(kEndless);
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
    ASSERT_TRUE(clients.back()->Send(Get(kEndless)));
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
  const HttpAnswer answer = RawClient(server().port()).Ask(Get(kEndless));
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

TEST_F(LongReads, EndsWhenItsClientResets) {
  Start();
  const auto spin = Begin(kEndless);
  spin->Reset();
  EXPECT_TRUE(AccessLogHas("/spin/.*\" 499 0"));
  ExpectNoReader();
}

// A FIN says only that no more will be sent: an interim answer asks whether anybody is there.
TEST_F(LongReads, EndsWhenItsClientCloses) {
  Start();
  { const auto spin = Begin(kEndless); }
  EXPECT_TRUE(AccessLogHas("/spin/.*\" 499 0"));
  ExpectNoReader();
}

TEST_F(LongReads, IsAnsweredToAClientThatHasOnlyFinishedSending) {
  Start();
  RawClient client(server().port());
  ASSERT_TRUE(client.Send(Get("/spin/?n=8000000")));
  client.FinishSending();
  HttpAnswer answer = client.ReadAnswer();
  if (answer.status == 102) {
    answer = client.ReadAnswer();
  }
  EXPECT_EQ(answer.body, R"([{"top":8000000,"notes":0}])");
}

TEST_F(LongReads, OfAReplacedDatabaseIsRefusedOnce) {
  Serve({});
  Start();
  const auto spin = Begin(kEndless);
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
  const auto spin = Begin(kEndless);
  server().Signal(SIGTERM);
  EXPECT_EQ(server().WaitForEnd(), "exit 0");
  EXPECT_EQ(spin->ReadAnswer().status, 0);
}

TEST_F(LongReads, IsInterruptedByAQuickStop) {
  Start();
  const auto spin = Begin(kEndless);
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

}  // namespace
}  // namespace sqlicorn
