// SPDX-License-Identifier: MIT
// That a request in steady state takes no memory: operator new counts, so this is a program of its
// own, and the server is another process.
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/run/runner.h"
#include "tests/loadgen/answering_server.h"

namespace {

std::atomic<std::uint64_t> g_allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  g_allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) {
    std::abort();
  }
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

class MeasuredLoad final : public RunObserver {
 public:
  explicit MeasuredLoad(RunOptions options, Duration pause = Duration::zero()) {
    Scenario scenario;
    TaskSpec task;
    task.path = task.name = "/x";
    task.wait = Wait{Wait::Kind::kConstant, pause, pause};
    scenario.tasks = {task};
    Runner runner(loop_, scenario, std::move(options), this);
    Timer settled(loop_, [&] { Note(runner, &begin_); });
    Timer later(loop_, [&] {
      Note(runner, &end_);
      runner.Stop();
    });
    settled.Start(milliseconds(1100));  // after the first second of the series of seconds
    later.Start(milliseconds(1900));
    EXPECT_TRUE(runner.Start().ok());
    loop_.Run();
  }

  [[nodiscard]] std::uint64_t requests() const { return end_.requests - begin_.requests; }

  [[nodiscard]] std::uint64_t allocations() const { return end_.allocations - begin_.allocations; }

 private:
  struct Count {
    std::uint64_t requests = 0;
    std::uint64_t allocations = 0;
  };

  static void Note(const Runner& runner, Count* count) {
    *count = {runner.stats().requests(), g_allocations.load()};
  }

  void OnFinished() override { loop_.Stop(); }

  Loop loop_;
  Count begin_;
  Count end_;
};

RunOptions Options(const AnsweringServer& server) {
  RunOptions options;
  options.host = server.url();
  options.users = 4;
  options.spawn_rate = 4;
  options.lag_one_in = 4;
  return options;
}

TEST(Allocations, AreNoneInTheClosedLoop) {
  const AnsweringServer server;
  const MeasuredLoad run(Options(server));
  EXPECT_GT(run.requests(), 500U);
  EXPECT_LE(run.allocations(), 20U) << run.requests();
}

TEST(Allocations, AreNoneWhereUsersPause) {
  const AnsweringServer server;
  const MeasuredLoad run(Options(server), milliseconds(1));
  EXPECT_GT(run.requests(), 500U);
  EXPECT_LE(run.allocations(), 20U) << run.requests();
}

TEST(Allocations, AreNoneInTheOpenLoop) {
  const AnsweringServer server;
  RunOptions options = Options(server);
  options.rate = ParseRatePlan("poisson:2000").value();
  const MeasuredLoad run(options);
  EXPECT_GT(run.requests(), 500U);
  EXPECT_LE(run.allocations(), 20U) << run.requests();
}

}  // namespace
}  // namespace sqlicorn::loadgen
