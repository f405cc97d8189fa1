// SPDX-License-Identifier: MIT
// Clients that ask for more than their share of a worker's loop, and those beside them.
#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kThink = R"toml(
[[endpoint]]
path = "/think/"
methods = ["GET"]
steps = ["count", { think = "1ms" }]
)toml";

// Hundreds of requests in one packet, from each of many clients, to one worker.
class GreedyClients : public testing::Test {
 protected:
  void Start(std::string_view path, std::size_t clients, std::size_t requests) {
    site_.StartWith({.config = SiteConfig() + std::string(kThink),
                     .arguments = {"-w", "1", "-t", "1.2", "--set", "database.timeout=0.5"}},
                    1);
    workers_ = site_.server().workers();
    std::string text;
    for (std::size_t i = 0; i < requests; ++i) {
      text += Get(path);
    }
    for (std::size_t i = 0; i < clients; ++i) {
      clients_.push_back(std::make_unique<RawClient>(site_.server().port(), milliseconds(100)));
      clients_.back()->Send(text);
    }
  }

  // The longest of the waits of a client that asks one thing after another, on its own connection
  // or on a new one each time.
  Duration LongestWait(bool connect_anew) {
    Duration longest{};
    auto client = std::make_unique<RawClient>(site_.server().port());
    const TimePoint end = Clock::now() + milliseconds(2500);  // longer than its timeout
    for (int i = 0; Clock::now() < end; ++i) {
      const TimePoint asked = Clock::now();
      if (connect_anew) {
        client = std::make_unique<RawClient>(site_.server().port());
      }
      EXPECT_EQ(client->Ask(Get("/count/")).status, 200);
      longest = std::max(longest, Duration(Clock::now() - asked));
    }
    RecordProperty("longest_us", std::to_string(longest / std::chrono::microseconds(1)));
    return longest;
  }

  void ExpectTheWorkerLives() {
    EXPECT_EQ(site_.server().workers(), workers_);
    EXPECT_FALSE(site_.server().LogHas("WORKER TIMEOUT")) << site_.server().log();
  }

  Site site_;
  std::vector<pid_t> workers_;
  std::vector<std::unique_ptr<RawClient>> clients_;
};

// Without a share for each the wait is that of all requests of all clients, minutes.
constexpr Duration kShortWait = seconds(1);

TEST_F(GreedyClients, DoNotKeepAnotherWaitingWithPipelinedRequests) {
  Start("/think/", 40, 2300);
  EXPECT_LT(LongestWait(false), kShortWait);
  ExpectTheWorkerLives();
}

TEST_F(GreedyClients, DoNotKeepANewConnectionWaiting) {
  Start("/think/", 40, 2300);
  EXPECT_LT(LongestWait(true), kShortWait);
  ExpectTheWorkerLives();
}

TEST_F(GreedyClients, DoNotKeepAnotherWaitingWithAnswersThatTheyDoNotRead) {
  Start("/big/?bytes=100000", 100, 1000);
  EXPECT_LT(LongestWait(false), kShortWait);
  ExpectTheWorkerLives();
}

TEST(ABusyLoop, BeatsWithEveryRequestThatItFinishes) {
  Site site;
  site.Start({"-w", "1", "-t", "0.8", "--set", "database.timeout=0.25", "--set",
              "database.scheduler=busy"},
             1);
  const std::vector<pid_t> workers = site.server().workers();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(site.server().port()));
    EXPECT_EQ(clients.back()->Ask(Get("/count/")).status, 200);
  }
  SqliteFile foreign(site.database_path());
  foreign.Run("BEGIN IMMEDIATE");
  for (const auto& client : clients) {
    ASSERT_TRUE(client->Send(PostForm("/add/", "name=late")));
  }
  for (const auto& client : clients) {
    EXPECT_EQ(client->ReadAnswer().status, 503);
  }
  EXPECT_EQ(site.server().workers(), workers);
  EXPECT_FALSE(site.server().LogHas("WORKER TIMEOUT")) << site.server().log();
}

class HalfClosed : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Schedulers, HalfClosed,
                         testing::Values("busy", "constant", "retry", "fifo", "group"),
                         [](const auto& scheduler) { return scheduler.param; });

// What `nc -N` does: the whole request, then the end of input.
TEST_P(HalfClosed, WritesThatWaitAreExecutedAndAnswered) {
  Site site;
  site.Start({"-w", "1", "--set", "database.scheduler=" + GetParam()}, 1);
  SqliteFile foreign(site.database_path());
  foreign.Run("BEGIN IMMEDIATE");
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(site.server().port()));
    ASSERT_TRUE(clients.back()->Send(PostForm("/add/", "name=half")));
    clients.back()->FinishSending();
  }
  if (GetParam() != "busy" && GetParam() != "constant") {
    // Its loop goes on: it has met every end of input before it has answered this.
    EXPECT_EQ(RawClient(site.server().port()).Ask(Get("/count/")).status, 200);
    EXPECT_EQ(RawClient(site.server().port()).Ask(Get("/count/")).status, 200);
  }
  foreign.Run("ROLLBACK");
  for (const auto& client : clients) {
    EXPECT_EQ(client->ReadAnswer().status, 200);
  }
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"), "20");
}

}  // namespace
}  // namespace sqlicorn
