// SPDX-License-Identifier: MIT
// The line of workers that want to write, with workers that are stopped, unequal and not alone.
#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/ledger.h"
#include "tests/integration/site.h"
#include "tests/integration/stall_watch.h"
#include "tests/integration/writers.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::string> Group(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--set", "database.scheduler=group"});
  return arguments;
}

double Ms(Duration duration) {
  return ToSeconds(duration) * 1000;
}

// The value that `share` of all are not above.
Duration Quantile(std::vector<Duration> values, double share) {
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values.at(std::min(index, values.size() - 1));
}

// One connection to each worker.
std::vector<std::unique_ptr<RawClient>> ConnectToEach(Site& site) {
  std::map<pid_t, std::unique_ptr<RawClient>> found;
  std::vector<std::unique_ptr<RawClient>> others;  // kept open: they fill the share of their worker
  EXPECT_TRUE(WaitFor([&] {
    auto client = std::make_unique<RawClient>(site.server().port());
    static_cast<void>(client->Ask(Get("/count/")));
    auto& place = found[site.WorkerOf(*client)];
    (place == nullptr ? place : others.emplace_back()) = std::move(client);
    return found.size() == site.server().workers().size();
  }));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (auto& [pid, client] : found) {
    clients.push_back(std::move(client));
  }
  return clients;
}

// Three workers: one has the turn for a second, the others may wait for it.
class StoppedWorker : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& arguments) {
    site_.Start(Group(arguments), 3);
    clients_ = ConnectToEach(site_);
    ASSERT_EQ(clients_.size(), 3U);
  }

  // Returns when the worker holds SQLite's lock.
  void BeginSlowWrite(RawClient& client) {
    ASSERT_TRUE(client.Send(PostForm("/slow_add/", "name=slow")));
    ASSERT_TRUE(WaitFor([this] {
      const auto probe = Connection::Open(site_.database_path(), OpenMode::kReadWrite);
      return (*probe)->Execute("BEGIN IMMEDIATE").busy();
    }));
  }

  // Returns when the worker of the write stands in line.
  void Queue(RawClient& client) {
    // Its loop has read the write when it has answered a read that was sent later, and is past the
    // end of that turn when it has answered another.
    RawClient reader(site_.server().port());
    const pid_t worker = site_.WorkerOf(client);
    ASSERT_TRUE(WaitFor([&] {
      reader = RawClient(site_.server().port());
      return reader.Ask(Get("/count/")).status == 200 && site_.WorkerOf(reader) == worker;
    }));
    ASSERT_TRUE(client.Send(PostForm("/add/", "name=waiting")));
    EXPECT_EQ(reader.Ask(Get("/count/")).status, 200);
    EXPECT_EQ(reader.Ask(Get("/count/")).status, 200);
  }

  Site site_;
  std::vector<std::unique_ptr<RawClient>> clients_;
};

TEST_F(StoppedWorker, ThatHasTheTurnIsKilledByItsHeartbeatAndTheOthersGoOn) {
  Start({"-w", "3", "-t", "1", "--set", "database.timeout=0.5", "--set",
         "database.write_queue_timeout=10"});
  const pid_t owner = site_.WorkerOf(*clients_[0]);
  BeginSlowWrite(*clients_[0]);
  ASSERT_EQ(kill(owner, SIGSTOP), 0);
  const TimePoint start = Clock::now();
  ASSERT_TRUE(clients_[1]->Send(PostForm("/add/", "name=one")));
  EXPECT_EQ(clients_[2]->Ask(PostForm("/add/", "name=two")).status, 200);
  EXPECT_EQ(clients_[1]->ReadAnswer().status, 200);
  EXPECT_LT(Clock::now() - start, seconds(3)) << "timeout is 1 s";
  EXPECT_TRUE(site_.server().LogHas("was sent SIGKILL, by the master")) << site_.server().log();
  EXPECT_EQ(site_.Ask("SELECT group_concat(name) FROM (SELECT name FROM note ORDER BY 1)"),
            "one,two");
}

TEST_F(StoppedWorker, ThatIsGrantedTheTurnCostsTheOthersNoMoreThanTheLease) {
  Start({"-w", "3"});
  BeginSlowWrite(*clients_[0]);
  const pid_t stopped = site_.WorkerOf(*clients_[1]);
  ASSERT_NO_FATAL_FAILURE(Queue(*clients_[1]));
  ASSERT_EQ(kill(stopped, SIGSTOP), 0);
  ASSERT_TRUE(clients_[2]->Send(PostForm("/add/", "name=behind")));
  EXPECT_EQ(clients_[0]->ReadAnswer().status, 200);
  const TimePoint handed_on = Clock::now();
  EXPECT_EQ(clients_[2]->ReadAnswer().status, 200);
  const Duration cost = Clock::now() - handed_on;
  std::cout << "granted to the stopped worker for " << Ms(cost) << " ms\n";
  // The lease is 3 ms and is looked at every 4 ms; the rest is for a busy machine.
  EXPECT_LT(cost, milliseconds(500));
  ASSERT_EQ(kill(stopped, SIGCONT), 0);
  EXPECT_EQ(clients_[1]->ReadAnswer().status, 200);
  EXPECT_EQ(site_.Ask("SELECT group_concat(name) FROM (SELECT name FROM note ORDER BY 1)"),
            "behind,slow,waiting");
}

TEST_F(StoppedWorker, ThatStandsInLineDelaysNobodyAgain) {
  Start({"-w", "3"});
  BeginSlowWrite(*clients_[0]);
  const pid_t stopped = site_.WorkerOf(*clients_[1]);
  ASSERT_NO_FATAL_FAILURE(Queue(*clients_[1]));
  ASSERT_EQ(kill(stopped, SIGSTOP), 0);
  EXPECT_EQ(clients_[0]->ReadAnswer().status, 200);
  EXPECT_EQ(clients_[2]->Ask(PostForm("/add/", "name=first")).status, 200);
  std::vector<Duration> waits;
  for (int i = 0; i < 100; ++i) {
    const TimePoint start = Clock::now();
    EXPECT_EQ(clients_[2]->Ask(PostForm("/add/", "name=next")).status, 200);
    waits.push_back(Clock::now() - start);
  }
  // Not the median: on a busy machine that is a wait for the processor.
  EXPECT_LT(Quantile(waits, 0.1), milliseconds(3)) << "each waits for a lease";
  ASSERT_EQ(kill(stopped, SIGCONT), 0);
  EXPECT_EQ(clients_[1]->ReadAnswer().status, 200);
}

// Two workers with sixty writers, of which every write takes 5 ms and a batch two of them, and one
// with a single writer.
TEST(QuietWorker, WaitsNoMoreThanABatchOfEachOther) {
  constexpr int kBatchesPerRound = 2;
  constexpr int kWritesPerBatch = 2;
  Site site;
  ServerProcess& server = site.Start(
      Group({"-w", "3", "--set", "database.timeout=20", "--set", "database.max_hold=10ms"}), 3);
  const pid_t quiet = server.workers().front();
  ASSERT_EQ(kill(quiet, SIGSTOP), 0);  // all writers connect to the others
  Writers writers(server.port(), "/immediate/", 60);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 60; }));
  ASSERT_EQ(kill(quiet, SIGCONT), 0);
  std::unique_ptr<RawClient> client;
  ASSERT_TRUE(WaitFor([&] {
    client = std::make_unique<RawClient>(server.port());
    return client->Ask(Get("/count/")).status == 200 && site.WorkerOf(*client) == quiet;
  }));
  const int before = writers.acknowledged();
  const TimePoint start = Clock::now();
  std::vector<Duration> waits;
  for (int i = 0; i < 60; ++i) {
    const TimePoint sent = Clock::now();
    EXPECT_EQ(client->Ask(PostForm("/add/", "name=quiet")).status, 200);
    waits.push_back(Clock::now() - sent);
  }
  const Duration per_write = (Clock::now() - start) / (writers.acknowledged() - before);
  writers.Stop();
  const Duration round = kBatchesPerRound * kWritesPerBatch * per_write;
  std::cout << "the quiet worker waited " << Ms(Quantile(waits, 0.5)) << " ms, p90 "
            << Ms(Quantile(waits, 0.9)) << " ms, p99 " << Ms(Quantile(waits, 0.99))
            << " ms; a batch of each other took " << Ms(round) << " ms\n";
  // First come first served among all requests, it would be fifteen rounds.
  EXPECT_LT(Quantile(waits, 0.5), 3 * round);
  EXPECT_EQ(writers.refused(), 0);
}

class ForeignWriter : public testing::Test {
 protected:
  // Two workers whose queue is never empty.
  void Start() {
    ServerProcess& server = site_.Start(Group({"-w", "2"}));
    writers_ = std::make_unique<Writers>(server.port(), "/add_immediate/", 16);
    EXPECT_TRUE(WaitFor([&] { return writers_->acknowledged() > 100; }));
  }

  Site site_;
  std::unique_ptr<Writers> writers_;
};

TEST_F(ForeignWriter, DelaysWritesByItsHoldTimeAndReadsNotAtAll) {
  Start();
  SqliteFile foreign(site_.database_path());
  RawClient reader(site_.server().port());
  StallWatch watch(*writers_, site_.server());
  foreign.Run("BEGIN IMMEDIATE");
  const TimePoint release = Clock::now() + milliseconds(300);
  std::vector<Duration> reads;
  while (Clock::now() < release) {
    const TimePoint start = Clock::now();
    EXPECT_EQ(reader.Ask(Get("/count/")).status, 200);
    reads.push_back(Clock::now() - start);
  }
  foreign.Run("COMMIT");
  const int before = writers_->acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers_->acknowledged() > before; }));
  const Duration stall = watch.Longest();
  writers_->Stop();
  std::cout << "held for 300 ms: writes stood for " << Ms(watch.longest_in_all())
            << " ms, reads took p99 " << Ms(Quantile(reads, 0.99)) << " ms\n";
  EXPECT_GT(watch.longest_in_all(), milliseconds(250)) << "the writers did not notice";
  EXPECT_LT(stall, milliseconds(450));
  EXPECT_LT(Quantile(reads, 0.9), milliseconds(50));
  EXPECT_EQ(writers_->refused(), 0);
  ExpectExactLedger(site_.database_path(), *writers_);
}

TEST_F(ForeignWriter, GetsItsTurnWhileTheQueueIsNeverEmpty) {
  Start();
  SqliteFile foreign(site_.database_path());  // polls as SQLite's busy timeout does
  foreign.Run("CREATE TABLE visit (n)");
  std::vector<Duration> waits;
  for (int i = 0; i < 15; ++i) {
    const int before = writers_->acknowledged();
    ASSERT_TRUE(WaitFor([&] { return writers_->acknowledged() > before + 100; }));
    const TimePoint start = Clock::now();
    foreign.Run("BEGIN IMMEDIATE");
    waits.push_back(Clock::now() - start);
    foreign.Run("INSERT INTO visit VALUES (1)");
    foreign.Run("COMMIT");
  }
  writers_->Stop();
  std::cout << "a foreign writer waited " << Ms(Quantile(waits, 0.5)) << " ms, p90 "
            << Ms(Quantile(waits, 0.9)) << " ms, at most " << Ms(Quantile(waits, 1)) << " ms; "
            << writers_->acknowledged() << " writes meanwhile\n";
  // Its polls are at most 100 ms apart, and each has the chance of the gaps' share of the time.
  EXPECT_LT(Quantile(waits, 0.5), seconds(1));
  EXPECT_EQ(writers_->refused(), 0);
}

}  // namespace
}  // namespace sqlicorn
