// SPDX-License-Identifier: MIT
// All orders of two signals: sent while a server starts and when it serves, the second one right
// after the first and when that has had its effect.
#include <algorithm>
#include <csignal>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "master/arbiter.h"
#include "master/fleet/children.h"
#include "tests/master/arbiter_bench.h"

namespace sqlicorn {
namespace {

using std::chrono::seconds;

constexpr int kSignals[] = {SIGHUP, SIGTERM, SIGINT, SIGTTIN, SIGTTOU, SIGUSR2, SIGWINCH, SIGUSR1};
constexpr std::size_t kConfigured = 2;  // workers

enum class Moment { kStart, kServing };
enum class Gap { kNone, kSettled };

bool IsStop(int signal) {
  return signal == SIGTERM || signal == SIGINT;
}

// How many workers are wanted after a signal where there were `wanted`.
std::size_t WantedAfter(std::size_t wanted, int signal) {
  switch (signal) {
    case SIGHUP:
      return kConfigured;
    case SIGTTIN:
      return wanted + 1;
    case SIGTTOU:
      return wanted > 1 ? wanted - 1 : wanted;
    case SIGWINCH:
      return 0;
    default:
      return wanted;
  }
}

// One server that gets two signals.
class Course {
 public:
  Course(int first, int second) : first_(first), second_(second) {
    config_.server.daemon = true;  // so that WINCH has its effect
    bench_.emplace(config_);
    children().has_checkpointer = true;
    bench_->after_turn = [this] { CheckInvariants(); };
  }

  // Sends both and waits until nothing changes any more.
  void Run(Moment moment, Gap gap) {
    if (moment == Moment::kServing) {
      ASSERT_TRUE(bench_->RunUntilServing());
    }
    bench_->Step(first_);
    if (gap == Gap::kSettled) {
      bench_->Run(seconds(2));
    }
    if (!bench_->arbiter().stopped()) {
      bench_->Step(second_);
    }
    bench_->Run(seconds(8));
    // Also where the second comes while the first, a reload, is under way.
    wanted_ = WantedAfter(WantedAfter(kConfigured, first_), second_);
    CheckEnd();
  }

 private:
  [[nodiscard]] PlayedChildren& children() { return bench_->children(); }

  [[nodiscard]] std::size_t CountLiving(Role role) { return children().Living(role).size(); }

  [[nodiscard]] std::size_t CountCheckpointers() {
    return CountLiving(Role::kCheckpointer) + CountLiving(Role::kLastClose);
  }

  void CheckInvariants() {
    const auto workers = children().Living(Role::kWorker);
    ASSERT_LE(workers.size(), bench_->Status().room + 1);
    for (const PlayedChild& one : workers) {
      ASSERT_EQ(std::count_if(workers.begin(), workers.end(),
                              [&](const PlayedChild& other) { return other.slot == one.slot; }),
                1);
    }
    ASSERT_LE(CountCheckpointers(), 1U);
    ASSERT_LE(CountLiving(Role::kPreparation), 1U);
    ASSERT_LE(CountLiving(Role::kSuccessor), 1U);
  }

  void CheckEnd() {
    const bool upgraded = first_ == SIGUSR2 || (second_ == SIGUSR2 && !IsStop(first_));
    EXPECT_EQ(children().CountStarted(Role::kSuccessor), upgraded ? 1U : 0U);
    ASSERT_EQ(bench_->arbiter().stopped(), IsStop(first_) || IsStop(second_));
    if (bench_->arbiter().stopped()) {
      CheckStopped();
    } else {
      CheckServing();
    }
  }

  // No child is left but the second master, and one that could not know yet that it is killed.
  void CheckStopped() {
    EXPECT_EQ(bench_->arbiter().exit_code(), ExitCode::kOk);
    EXPECT_EQ(CountLiving(Role::kWorker), 0U);
    EXPECT_EQ(CountCheckpointers(), 0U);
    for (const PlayedChild& child : children().Living(Role::kPreparation)) {
      EXPECT_EQ(child.signals, std::vector<int>{SIGKILL});
    }
  }

  void CheckServing() {
    const ServerStatus status = bench_->Status();
    const unsigned reloads = (first_ == SIGHUP ? 1U : 0U) + (second_ == SIGHUP ? 1U : 0U);
    EXPECT_EQ(status.phase, ServerStatus::Phase::kRunning);
    EXPECT_EQ(status.generation, 1U + reloads);
    EXPECT_EQ(status.wanted, wanted_);
    EXPECT_EQ(status.CountServing(), wanted_);
    EXPECT_EQ(CountLiving(Role::kWorker), wanted_);
    for (const PlayedChild& worker : children().Living(Role::kWorker)) {
      EXPECT_EQ(worker.generation, status.generation);
    }
    EXPECT_EQ(CountCheckpointers(), wanted_ > 0 ? 1U : 0U);
  }

  int first_;
  int second_;
  TempDir dir_;
  ServerConfig config_ = ArbiterBench::TwoWorkers(dir_);
  std::optional<ArbiterBench> bench_;
  std::size_t wanted_ = kConfigured;
};

class TwoSignals : public testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(TwoSignals, LeadToTheStateTheyAskFor) {
  const auto [first, second] = GetParam();
  for (const Moment moment : {Moment::kStart, Moment::kServing}) {
    for (const Gap gap : {Gap::kNone, Gap::kSettled}) {
      SCOPED_TRACE(moment == Moment::kStart ? "while it starts" : "when it serves");
      SCOPED_TRACE(gap == Gap::kNone ? "one right after the other" : "one long after the other");
      Course(first, second).Run(moment, gap);
    }
  }
}

std::string NameOf(const testing::TestParamInfo<std::tuple<int, int>>& info) {
  return SignalName(std::get<0>(info.param)) + "Then" + SignalName(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(AllOrders, TwoSignals,
                         testing::Combine(testing::ValuesIn(kSignals), testing::ValuesIn(kSignals)),
                         NameOf);

}  // namespace
}  // namespace sqlicorn
