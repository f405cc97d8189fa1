// SPDX-License-Identifier: MIT
#include "loadgen/run/runner.h"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.h"
#include "common/http/url.h"
#include "loadgen/run/resolve_host.h"
#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

std::int64_t UnixUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string FreshRunId() {
  return fmt::format("{:08x}", std::random_device()());
}

}  // namespace

Runner::Runner(Loop& loop, const Scenario& scenario, RunOptions options, RunObserver* observer)
    : loop_(loop),
      scenario_(scenario),
      options_(std::move(options)),
      observer_(observer),
      ramp_(options_.users, options_.spawn_rate),
      stats_(scenario),
      spawn_timer_(loop, [this] { Spawn(); }),
      phase_timer_(loop, [this] { EndPhase(); }) {
  if (options_.run_id.empty()) {
    options_.run_id = FreshRunId();
  }
}

Runner::~Runner() = default;

Status Runner::Start() {
  CHECK(state_ == State::kReady);
  const Result<Url> url = SplitUrl(options_.host);
  if (!url) {
    return url.error();
  }
  Result<std::vector<SocketAddress>> addresses = ResolveHost(url->address, url->port);
  if (!addresses) {
    return addresses.error();
  }
  context_ = std::make_unique<UserContext>(
      UserContext{loop_, scenario_, *std::move(addresses), options_.seed, {}, {}, this});
  for (const TaskSpec& task : scenario_.tasks) {
    context_->templates.emplace_back(task, url.value(), options_.run_id);
  }
  loop_.UpdateTime();  // the timers count from there
  start_ = Clock::now();
  BeginCounting();
  state_ = State::kWarmingUp;
  if (options_.warmup > Duration::zero()) {
    phase_timer_.Start(options_.warmup);
  } else {
    EndWarmup();
  }
  Spawn();
  return {};
}

void Runner::Spawn() {
  const std::uint32_t wanted = ramp_.UsersAt(Clock::now() - start_);
  while (started_ < wanted) {
    users_.push_back(std::make_unique<User>(*context_, started_++));
    users_.back()->Start();
  }
  if (const std::optional<Duration> next = ramp_.NextStep(started_)) {
    spawn_timer_.Start(start_ + *next - Clock::now());
    return;
  }
  observer_->OnAllSpawned();
  if (options_.reset_stats == ResetStats::kWhenSpawned && state_ == State::kRunning) {
    BeginCounting();
    observer_->OnStatsReset();
  }
}

void Runner::BeginCounting() {
  stats_.Begin(Clock::now(), UnixUs());
  cpu_at_begin_ = CpuSeconds();
}

void Runner::EndWarmup() {
  state_ = State::kRunning;
  if (options_.warmup > Duration::zero()) {
    BeginCounting();
    observer_->OnStatsReset();
  }
  if (options_.run_time) {
    phase_timer_.Start(*options_.run_time);
  }
}

void Runner::EndPhase() {
  if (state_ == State::kWarmingUp) {
    EndWarmup();
  } else if (state_ == State::kRunning) {
    Drain(StopReason::kRunTime);
  } else {
    GiveUp();
  }
}

void Runner::Stop() {
  if (state_ == State::kDraining) {
    GiveUp();
  } else if (state_ == State::kWarmingUp || state_ == State::kRunning) {
    interrupted_ = true;
    Drain(StopReason::kAsked);
  }
}

void Runner::Drain(StopReason reason) {
  state_ = State::kDraining;
  window_end_ = Clock::now();
  cpu_s_ = CpuSeconds() - cpu_at_begin_;
  spawn_timer_.Stop();
  observer_->OnStopping(reason);
  phase_timer_.Start(options_.stop_timeout);
  for (const auto& user : users_) {
    user->Finish();
  }
}

void Runner::GiveUp() {
  for (const auto& user : users_) {
    unanswered_ += user->awaiting() ? 1 : 0;
  }
  for (const auto& user : users_) {
    user->Abandon();
  }
}

void Runner::OnSample(const Sample& sample, const std::string& error) {
  if (state_ != State::kDraining || interrupted_) {
    stats_.Record(sample, error);  // of the warm-up too: the end of it begins anew
    window_end_ = std::max(window_end_, sample.end);
    return;
  }
  ++late_.requests;
  late_.longest_us = std::max(late_.longest_us, sample.LatencyUs());
  if (sample.outcome != Outcome::kOk) {
    ++late_.failures;
    late_.first_error = late_.first_error.empty() ? error : late_.first_error;
  }
}

// Users end in no other state than kDraining.
void Runner::OnUserDone() {
  ++done_;
  if (done_ == started_) {
    state_ = State::kFinished;
    phase_timer_.Stop();
    stats_.End(window_end_);
    observer_->OnFinished();
  }
}

Duration Runner::elapsed() const {
  return Clock::now() - start_ - options_.warmup;
}

RunResult Runner::result() const {
  return {scenario_.source,
          options_.host,
          options_.run_id,
          options_.users,
          options_.spawn_rate,
          options_.seed,
          stats_.WindowSeconds(),
          cpu_s_,
          unanswered_,
          interrupted_,
          stats_,
          context_ ? context_->ledger : AckLedger(),
          late_};
}

}  // namespace sqlicorn::loadgen
