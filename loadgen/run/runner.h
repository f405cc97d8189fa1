// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/http/url.h"
#include "common/uv/alarm_clock.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/run/dispatcher.h"
#include "loadgen/run/kind_dealer.h"
#include "loadgen/run/parser_pool.h"
#include "loadgen/run/ramp.h"
#include "loadgen/run/user.h"
#include "loadgen/run/window_watch.h"
#include "loadgen/scenario/rate_plan.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

enum class ResetStats { kNever, kWhenSpawned };

struct RunOptions {
  std::string host = "http://127.0.0.1:8000";
  std::uint32_t users = 1;
  double spawn_rate = 1;  // users per second
  std::optional<Duration>
      run_time;  // from the start, ramp included, warm-up not; none = until Stop
  Duration warmup = Duration::zero();  // what ends in it is not counted (its writes are)
  Duration stop_timeout = std::chrono::seconds(5);   // how long open requests may still be answered
  Duration timeout = std::chrono::seconds(60);       // for a connection and an answer; zero = none
  Duration longest_pause = std::chrono::seconds(1);  // of a user after broken connections
  std::optional<RatePlan> rate{};  // of an open loop; none = closed, each user after its answer
  std::uint32_t lag_one_in = 32;   // reads that are looked at for the generator's lag; 2^n
  ResetStats reset_stats = ResetStats::kNever;
  std::uint64_t seed = 0;  // of the task draws
  std::string run_id;      // 8 hexadecimal digits in every unique value; "" = a fresh one
};

enum class StopReason { kRunTime, kAsked, kReplayed };

// Hears what happens to a run. All calls come from the loop; none may destroy the runner.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  virtual void OnAllSpawned() {}

  virtual void OnStatsReset() {}

  virtual void OnStopping(StopReason /*reason*/) {}

  // Nothing is open any more: take the result.
  virtual void OnFinished() = 0;
};

// Drives one run: spawns and retires users along the ramp, lets them send requests in a closed
// loop, or when they are due, over one connection each, stops after the run time, and waits for
// open requests. Counted is what ends in the window, from the end of the warm-up (or of the ramp,
// with ResetStats) to the run time, with the whole time it took; what ends later is told apart.
// Nobody set an end where Stop is asked for: the window then lasts until the last open request has
// ended. Lives on the caller's loop; knows nothing of consoles and files.
//
//   kReady -> kWarmingUp -> kRunning -> kDraining -> kFinished
//   kRunning -> kOverdue -> kDraining where the generator itself slept through the end: what came
//   meanwhile is read first
//   (Stop leads from any state before kDraining to it; without warm-up kRunning follows at once)
class Runner final : private UserObserver {
 public:
  // `loop`, `scenario` and `observer` outlive the runner. REQUIRES: users > 0, spawn_rate > 0.
  Runner(Loop& loop, const Scenario& scenario, RunOptions options, RunObserver* observer);
  ~Runner() override;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Fails on a host that is no http:// URL whose name is known, and where the system does not allow
  // so many connections. Waits for the resolver.
  [[nodiscard]] Status Start();

  // Ends the run early: no new request, open ones may finish. A second call gives them up too.
  // OnFinished may come before this returns.
  void Stop();

  // Adds users to those there are, or lets some finish, at once; the ramp goes on from there. How
  // many there are then: none is fewest, in a replay one. An error where the system does not allow
  // so many connections. Once the run ends nothing changes. REQUIRES: Start succeeded.
  [[nodiscard]] Result<std::uint32_t> ChangeUsers(int by);

  [[nodiscard]] const RunStats& stats() const { return stats_; }

  [[nodiscard]] std::uint32_t user_count() const { return started_ - done_; }

  // Of a replay.
  [[nodiscard]] Lateness replay_lateness() const;

  // Since the start of the run, the warm-up not counted; negative during it.
  [[nodiscard]] Duration elapsed() const;

  // What was measured, complete after OnFinished.
  [[nodiscard]] RunResult result() const;

 private:
  enum class State { kReady, kWarmingUp, kRunning, kOverdue, kDraining, kFinished };
  using UserList = std::vector<std::unique_ptr<User>>;

  void OnSample(const Sample& sample, const std::string& error) override;
  void OnPaused(TimePoint begin, TimePoint end) override;
  void OnUserDone() override;
  void OnStandstill();

  // Starts users or lets some finish, as the ramp wants it.
  void Spawn();
  void Employ(std::uint32_t wanted);
  // The ramp's users and by_hand_ together.
  [[nodiscard]] std::uint32_t WantedUsers() const;
  void Retire(std::uint32_t wanted);
  void Finish();
  void MakeContext(const Url& url, std::vector<SocketAddress> addresses);
  void BeginCounting();
  void EndPhase();
  void EndWarmup();
  void EndRunTime();
  void Drain(StopReason reason);
  void GiveUp();
  void GiveUpOverdue();
  // Since when the one that waits longest has waited; `now` when nobody does.
  TimePoint GiveUpOverdue(const UserList& users, TimePoint now);

  Loop& loop_;
  const Scenario& scenario_;
  RunOptions options_;
  RunObserver* observer_;
  Ramp ramp_;
  KindDealer dealer_;
  RunStats stats_;
  AlarmClock alarms_;
  ParserPool parsers_;
  std::unique_ptr<UserContext> context_;
  Timer spawn_timer_;
  Timer phase_timer_;    // until the end of the warm-up, of the run, of the drain
  Timer timeout_timer_;  // until a request may be overdue
  State state_ = State::kReady;
  TimePoint start_;
  TimePoint end_due_;  // of the run time
  TimePoint window_begin_;
  TimePoint window_end_;  // the greater of where the drain began and of the last counted end
  WindowWatch watch_;
  std::unique_ptr<Dispatcher> dispatcher_;  // of an open loop
  std::int64_t by_hand_ = 0;                // users beside those of the ramp; negative for fewer
  std::uint32_t started_ = 0;
  std::uint32_t done_ = 0;
  LateAnswers late_;
  std::uint64_t unanswered_ = 0;
  Duration paused_ = Duration::zero();  // by all users, in the window
  bool interrupted_ = false;
  UserList users_;
  UserList retired_;  // who finish before the run does
};

}  // namespace sqlicorn::loadgen
