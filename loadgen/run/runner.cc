// SPDX-License-Identifier: MIT
#include "loadgen/run/runner.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.h"
#include "common/http/url.h"
#include "loadgen/run/descriptor_limit.h"
#include "loadgen/run/resolve_host.h"
#include "loadgen/scenario/server_url.h"
#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

// What a process needs beside its users' connections: files, pipes, the loop's own.
constexpr std::uint64_t kSpareDescriptors = 64;

// Overdue requests are looked for no more often than this.
constexpr Duration kTimeoutPrecision = std::chrono::milliseconds(1);

Ramp RampOf(const Scenario& scenario, const RunOptions& options) {
  return scenario.stages.empty() ? Ramp(options.users, options.spawn_rate) : Ramp(scenario.stages);
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
      ramp_(RampOf(scenario, options_)),
      dealer_(KindsOf(scenario)),
      stats_(scenario),
      spawn_timer_(loop, [this] { Spawn(); }),
      phase_timer_(loop, [this] { EndPhase(); }),
      timeout_timer_(loop, [this] { GiveUpOverdue(); }),
      watch_(options_.lag_one_in) {
  if (options_.rate) {
    dispatcher_ = std::make_unique<Dispatcher>(loop, *options_.rate, options_.seed);
  }
  if (options_.run_id.empty()) {
    options_.run_id = FreshRunId();
  }
}

Runner::~Runner() = default;

Status Runner::Start() {
  CHECK(state_ == State::kReady);
  const Result<ServerUrl> server = ParseServerUrl(options_.host);
  if (!server) {
    return server.error();
  }
  const Url& url = server->url;
  if (Status allowed = AllowDescriptors(options_.users + kSpareDescriptors); !allowed) {
    return allowed;
  }
  Result<std::vector<SocketAddress>> addresses = ResolveServer(*server);
  if (!addresses) {
    return addresses.error();
  }
  MakeContext(url, *std::move(addresses));
  loop_.UpdateTime();  // the timers count from there
  start_ = Clock::now();
  context_->replay.Begin(start_);
  BeginCounting();
  if (dispatcher_) {
    dispatcher_->Start(start_);
  }
  state_ = State::kWarmingUp;
  if (options_.warmup > Duration::zero()) {
    phase_timer_.Start(options_.warmup);
  } else {
    EndWarmup();
  }
  if (options_.timeout > Duration::zero()) {
    timeout_timer_.Start(options_.timeout);
  }
  Spawn();
  return {};
}

void Runner::Spawn() {
  const Duration elapsed = Clock::now() - start_;
  const std::uint32_t wanted = ramp_.UsersAt(elapsed);
  Retire(wanted);
  while (users_.size() < wanted) {
    const std::size_t kind = dealer_.KindOf(users_.size());
    users_.push_back(std::make_unique<User>(*context_, started_++, kind));
    users_.back()->Start();
  }
  if (const std::optional<Duration> next = ramp_.NextChange(elapsed)) {
    spawn_timer_.Start(start_ + *next - Clock::now());
    return;
  }
  observer_->OnAllSpawned();
  if (options_.reset_stats == ResetStats::kWhenSpawned && state_ == State::kRunning) {
    BeginCounting();
    observer_->OnStatsReset();
  }
}

// The last one goes first, so that the others are what they would be without it.
void Runner::Retire(std::uint32_t wanted) {
  std::erase_if(retired_, [](const auto& user) { return user->done(); });
  while (users_.size() > wanted) {
    retired_.push_back(std::move(users_.back()));
    users_.pop_back();
    retired_.back()->Finish();
  }
}

void Runner::BeginCounting() {
  window_begin_ = Clock::now();
  stats_.Begin(window_begin_, UnixMicroseconds());
  paused_ = Duration::zero();
  if (dispatcher_) {
    dispatcher_->BeginCounting();
  }
  watch_.Begin();
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
  watch_.End();
  if (dispatcher_) {
    dispatcher_->Stop(window_end_);
  }
  spawn_timer_.Stop();
  observer_->OnStopping(reason);
  phase_timer_.Start(options_.stop_timeout);
  for (const auto& user : users_) {
    user->Finish();
  }
  if (state_ == State::kDraining && done_ == started_) {
    Finish();  // all of them had retired
  }
}

void Runner::GiveUp() {
  std::move(retired_.begin(), retired_.end(), std::back_inserter(users_));
  retired_.clear();
  for (const auto& user : users_) {
    unanswered_ += user->awaiting() ? 1 : 0;
  }
  for (const auto& user : users_) {
    user->Abandon();
  }
}

TimePoint Runner::GiveUpOverdue(const UserList& users, TimePoint now) {
  TimePoint oldest = now;
  for (const auto& user : users) {
    const std::optional<TimePoint> since = user->waits_since();
    if (since && now - *since >= options_.timeout) {
      user->GiveUp();
    } else if (since) {
      oldest = std::min(oldest, *since);
    }
  }
  return oldest;
}

// Looks at all users, but again only when the one that waits longest by now could be overdue.
void Runner::GiveUpOverdue() {
  const TimePoint now = Clock::now();
  TimePoint oldest = now;
  for (const auto* users : {&users_, &retired_}) {
    oldest = std::min(oldest, GiveUpOverdue(*users, now));
  }
  if (state_ != State::kFinished) {
    timeout_timer_.Start(std::max(oldest + options_.timeout - now, kTimeoutPrecision));
  }
}

void Runner::OnPaused(TimePoint begin, TimePoint end) {
  const TimePoint last = state_ == State::kDraining ? window_end_ : end;
  paused_ += std::max(std::min(end, last) - std::max(begin, window_begin_), Duration::zero());
}

void Runner::OnSample(const Sample& sample, const std::string& error) {
  if (state_ != State::kDraining || interrupted_) {
    stats_.Record(sample, error);  // of the warm-up too: the end of it begins anew
    if (dispatcher_) {
      dispatcher_->RecordService(sample.ServiceUs());
    }
    window_end_ = std::max(window_end_, sample.end);
    return;
  }
  late_.Add(sample, error);
}

void Runner::OnUserDone() {
  ++done_;
  if (done_ < started_) {
    return;
  }
  if (state_ == State::kDraining) {
    Finish();
  } else if (context_->replay.replays()) {
    Drain(StopReason::kReplayed);
  }
}

void Runner::Finish() {
  state_ = State::kFinished;
  phase_timer_.Stop();
  timeout_timer_.Stop();
  stats_.End(window_end_);
  observer_->OnFinished();
}

Lateness Runner::replay_lateness() const {
  return context_ ? context_->replay.lateness() : Lateness();
}

Duration Runner::elapsed() const {
  return Clock::now() - start_ - options_.warmup;
}

RunResult Runner::result() const {
  const OpenLoop* open = dispatcher_ ? &dispatcher_->counts() : nullptr;
  const MeasurementFacts facts = watch_.Facts(stats_, open);
  return {scenario_.source,
          options_.host,
          options_.run_id,
          options_.users,
          options_.spawn_rate,
          options_.seed,
          stats_.WindowSeconds(),
          facts.generator_cpu_s,
          unanswered_,
          interrupted_,
          stats_,
          context_ ? context_->ledger : AckLedger(),
          late_,
          ToSeconds(paused_),
          watch_.lag(),
          open != nullptr ? std::make_optional(*open) : std::nullopt,
          facts};
}

}  // namespace sqlicorn::loadgen
