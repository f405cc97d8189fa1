// SPDX-License-Identifier: MIT
// What a user costs who is connected, has had its answer and thinks: thousands of them are what a
// generator is asked for most.
#include <malloc.h>

#include <chrono>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/run/runner.h"
#include "tests/loadgen/answering_server.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kUsers = 2000;

// Of malloc, in use, with what malloc itself needs for it.
std::size_t UsedBytes() {
  return mallinfo2().uordblks;
}

Scenario OneRequestThenThought() {
  Scenario scenario;
  TaskSpec task;
  task.path = task.name = "/x";
  task.wait = Wait{Wait::Kind::kConstant, seconds(600), seconds(600)};
  scenario.tasks = {task};
  return scenario;
}

class ThinkingUsers final : public RunObserver {
 public:
  explicit ThinkingUsers(const AnsweringServer& server) : scenario_(OneRequestThenThought()) {
    RunOptions options;
    options.host = server.url();
    options.users = kUsers;
    options.spawn_rate = 1e9;
    Runner runner(loop_, scenario_, options, this);
    const std::size_t before = UsedBytes();
    Timer look(loop_, [&] {
      if (runner.stats().requests() == kUsers || ++looks_ == 2000) {
        answered_ = runner.stats().requests();
        bytes_ = UsedBytes() - before;
        runner.Stop();
        look_->Stop();
      }
    });
    look_ = &look;
    look.Start(milliseconds(10), milliseconds(10));
    EXPECT_TRUE(runner.Start().ok());
    loop_.Run();
  }

  [[nodiscard]] std::uint64_t answered() const { return answered_; }

  [[nodiscard]] std::size_t bytes_per_user() const { return bytes_ / kUsers; }

 private:
  void OnFinished() override { loop_.Stop(); }

  Loop loop_;
  Scenario scenario_;
  Timer* look_ = nullptr;
  int looks_ = 0;
  std::uint64_t answered_ = 0;
  std::size_t bytes_ = 0;
};

TEST(UserMemory, IsBounded) {
  const AnsweringServer server;
  const ThinkingUsers run(server);
  ASSERT_EQ(run.answered(), kUsers);
  EXPECT_LE(run.bytes_per_user(), 800U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
