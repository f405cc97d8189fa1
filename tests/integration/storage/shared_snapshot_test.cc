// SPDX-License-Identifier: MIT
// That reads share snapshots must not be seen by anybody.
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/register_history.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

constexpr const char* kConfig = R"toml(
[server]
workers = 2
keepalive = 60

[database]
schema = ["schema.sql"]
transaction_mode = "immediate"
unsafe = true  # synchronous = "off": the machine does not fail

[database.pragmas]
synchronous = "off"

[statements]
get = "SELECT v FROM register"
set = "UPDATE register SET v = :v"

[params.value]
v = { type = "integer" }

[[endpoint]]
path = "/get/"
methods = ["GET"]
steps = ["get"]
transaction = "none"
respond = "rows"

[[endpoint]]
path = "/get_transaction/"
methods = ["GET"]
steps = ["get", "get"]
transaction = "deferred"
respond = "rows"

[[endpoint]]
path = "/set/"
methods = ["POST"]
params = "value"
steps = ["set"]
)toml";

// So many as the environment says: script/test --long wants more.
int CountOf(const char* variable, int usual) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? usual : std::atoi(text);
}

std::int64_t NowNs() {
  return Clock::now().time_since_epoch().count();
}

// A client of the register.
class RegisterClient {
 public:
  explicit RegisterClient(std::unique_ptr<RawClient> client) : client_(std::move(client)) {}

  explicit RegisterClient(int port) : RegisterClient(std::make_unique<RawClient>(port)) {}

  // The value; -1 when it was refused, as it may be where nobody waits for locks.
  std::int64_t Read(std::string_view path) {
    const HttpAnswer answer = client_->Ask(Get(path));
    constexpr std::string_view kBefore = R"([{"v":)";
    std::int64_t value = -1;
    if (answer.status == 200 && answer.body.starts_with(kBefore)) {
      std::from_chars(answer.body.data() + kBefore.size(), answer.body.data() + answer.body.size(),
                      value);
    }
    EXPECT_TRUE(answer.status == 503 || value >= 0) << answer.status << " " << answer.body;
    return value;
  }

  // False when it was refused.
  bool Write(std::int64_t value) {
    const HttpAnswer answer = client_->Ask(PostForm("/set/", fmt::format("v={}", value)));
    EXPECT_TRUE(answer.status == 200 || answer.status == 503) << answer.status << answer.body;
    return answer.status == 200;
  }

  [[nodiscard]] const RawClient& client() const { return *client_; }

 private:
  std::unique_ptr<RawClient> client_;
};

class RegisterSite {
 public:
  RegisterSite(std::string_view scheduler, std::string_view journal_mode) {
    EXPECT_TRUE(
        WriteFile(site_.dir().File("schema.sql"),
                  "CREATE TABLE IF NOT EXISTS register (v INTEGER);"
                  "INSERT INTO register SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM register);"));
    site_.StartWith(
        {.config = kConfig,
         .arguments = {"--set", fmt::format("database.scheduler={}", scheduler), "--set",
                       fmt::format("database.pragmas.journal_mode={}", journal_mode)}});
  }

  [[nodiscard]] int port() { return site_.server().port(); }

  [[nodiscard]] Site& site() { return site_; }

 private:
  Site site_;
};

struct Setup {
  const char* scheduler;
  const char* journal_mode;

  friend void PrintTo(const Setup& self, std::ostream* out) {
    *out << self.scheduler << ' ' << self.journal_mode;
  }
};

class RegisterHistories : public testing::TestWithParam<Setup> {
 protected:
  // What one client does: so many operations, one after the other.
  static void Run(int port, RegisterOp::Kind kind, int number, std::vector<RegisterOp>* done) {
    RegisterClient client(port);
    const int count = CountOf("SQLICORN_REGISTER_OPERATIONS", 300);
    for (int i = 1; i <= count; ++i) {
      const std::int64_t began = NowNs();
      if (kind == RegisterOp::Kind::kRead) {
        const std::int64_t value = client.Read(i % 2 == 0 ? "/get/" : "/get_transaction/");
        if (value >= 0) {
          done->push_back({kind, value, began, NowNs()});
        }
      } else if (const std::int64_t value = i * 16 + number; client.Write(value)) {
        done->push_back({kind, value, began, NowNs()});
      }
    }
  }
};

INSTANTIATE_TEST_SUITE_P(All, RegisterHistories,
                         testing::Values(Setup{"none", "wal"}, Setup{"busy", "wal"},
                                         Setup{"constant", "wal"}, Setup{"retry", "wal"},
                                         Setup{"fifo", "wal"}, Setup{"group", "wal"},
                                         Setup{"none", "delete"}, Setup{"busy", "delete"},
                                         Setup{"constant", "delete"}, Setup{"retry", "delete"},
                                         Setup{"fifo", "delete"}, Setup{"group", "delete"}));

TEST_P(RegisterHistories, AreThoseOfOneRegister) {
  RegisterSite house(GetParam().scheduler, GetParam().journal_mode);
  constexpr int kReaders = 8;
  constexpr int kWriters = 3;
  std::vector<std::vector<RegisterOp>> done(kReaders + kWriters);
  std::vector<std::thread> clients;
  for (int i = 0; i < kReaders + kWriters; ++i) {
    const auto kind = i < kReaders ? RegisterOp::Kind::kRead : RegisterOp::Kind::kWrite;
    clients.emplace_back(Run, house.port(), kind, i, &done[static_cast<std::size_t>(i)]);
  }
  std::vector<RegisterOp> history;
  for (int i = 0; i < kReaders + kWriters; ++i) {
    clients[static_cast<std::size_t>(i)].join();
    const auto& part = done[static_cast<std::size_t>(i)];
    EXPECT_FALSE(part.empty());
    history.insert(history.end(), part.begin(), part.end());
  }
  EXPECT_EQ(FindViolation(history), "");
  // Not because it finds none: one stale read is enough.
  history.push_back({RegisterOp::Kind::kRead, 0, NowNs(), NowNs() + 1});
  EXPECT_NE(FindViolation(history), "");
}

TEST(SharedSnapshots, AClientReadsItsOwnAcknowledgedWriteAtAnotherWorker) {
  RegisterSite house("group", "wal");
  RegisterClient here(house.port());
  RegisterClient there(house.site().ConnectBeside(house.site().WorkerOf(here.client())));
  // Others whose reads share snapshots with ours, at both workers.
  std::atomic<bool> stop = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&] {
      RegisterClient client(house.port());
      while (!stop) {
        client.Read("/get/");
      }
    });
  }
  int stale = 0;
  const int count = CountOf("SQLICORN_OWN_READS", 4000);
  for (int i = 1; i <= count && !HasFailure(); ++i) {
    RegisterClient& writer = i % 2 == 0 ? here : there;
    RegisterClient& reader = i % 2 == 0 ? there : here;
    EXPECT_TRUE(writer.Write(i));
    stale += reader.Read(i % 3 == 0 ? "/get_transaction/" : "/get/") == i ? 0 : 1;
  }
  stop = true;
  for (std::thread& other : others) {
    other.join();
  }
  EXPECT_EQ(stale, 0) << "of " << count;
}

}  // namespace
}  // namespace sqlicorn
