// SPDX-License-Identifier: MIT
#include "loadgen/run/runner.h"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "common/base/result.h"
#include "common/http/url.h"
#include "loadgen/run/descriptor_limit.h"
#include "loadgen/run/failure_text.h"
#include "loadgen/run/resolve_host.h"
#include "loadgen/scenario/server_url.h"
#include "loadgen/stats/machine.h"

namespace sqlicorn::loadgen {
namespace {

// Enough of a body for what the server says of a failure.
constexpr std::size_t kKeptBodyBytes = 200;

constexpr std::int64_t kMostUsers = 1'000'000;

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
      alarms_(loop),
      parsers_(std::max(kKeptBodyBytes, KeptBodyBytes(scenario))),
      spawn_timer_(loop, [this] { Spawn(); }),
      phase_timer_(loop, [this] { EndPhase(); }),
      timeout_timer_(loop, [this] { GiveUpOverdue(); }),
      watch_(loop, options_.lag_one_in, [this] { OnStandstill(); }) {
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
  if (Status allowed = AllowUsers(options_.users); !allowed) {
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

void Runner::MakeContext(const Url& url, std::vector<SocketAddress> addresses) {
  context_ = std::make_unique<UserContext>(
      UserContext{loop_,
                  alarms_,
                  parsers_,
                  scenario_,
                  std::move(addresses),
                  options_.seed,
                  {},
                  KindsOf(scenario_),
                  RunValues(scenario_.values, options_.run_id),
                  NeedsSessions(scenario_),
                  {},
                  this,
                  options_.longest_pause,
                  NoAnswerText(url.address, url.port, ToSeconds(options_.timeout)),
                  NoConnectionText(url.address, ToSeconds(options_.timeout)),
                  watch_.receive_lag(),
                  dispatcher_.get(),
                  ReplayCursor(scenario_.replay ? &*scenario_.replay : nullptr)});
  for (const TaskSpec& task : scenario_.tasks) {
    context_->templates.emplace_back(task, url, options_.run_id);
  }
}

void Runner::Spawn() {
  const Duration elapsed = Clock::now() - start_;
  Employ(WantedUsers());
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

std::uint32_t Runner::WantedUsers() const {
  const std::int64_t ramp = ramp_.UsersAt(Clock::now() - start_);
  return static_cast<std::uint32_t>(std::max<std::int64_t>(ramp + by_hand_, 0));
}

void Runner::Employ(std::uint32_t wanted) {
  Retire(wanted);
  while (users_.size() < wanted) {
    const std::size_t kind = dealer_.KindOf(users_.size());
    users_.push_back(std::make_unique<User>(*context_, started_++, kind));
    users_.back()->Start();
  }
}

Result<std::uint32_t> Runner::ChangeUsers(int by) {
  const auto now = static_cast<std::int64_t>(users_.size());
  if (state_ != State::kWarmingUp && state_ != State::kRunning) {
    return static_cast<std::uint32_t>(now);
  }
  const std::int64_t least = context_->replay.replays() ? 1 : 0;  // a replay ends with its users
  const std::int64_t wanted = std::clamp<std::int64_t>(now + by, least, kMostUsers);
  if (Status allowed = AllowUsers(static_cast<std::uint64_t>(wanted)); !allowed) {
    return allowed.error();
  }
  by_hand_ = wanted - static_cast<std::int64_t>(ramp_.UsersAt(Clock::now() - start_));
  Employ(static_cast<std::uint32_t>(wanted));
  options_.users = std::max(options_.users, static_cast<std::uint32_t>(wanted));
  return static_cast<std::uint32_t>(wanted);
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

// What was due meanwhile nobody sent, however many users were free.
void Runner::OnStandstill() {
  if (dispatcher_) {
    dispatcher_->ForgiveUsersUntil(Clock::now());
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
          facts,
          context_ && context_->replay.replays() ? std::make_optional(context_->replay.replayed())
                                                 : std::nullopt,
          options_.run_time ? std::make_optional(ToSeconds(*options_.run_time)) : std::nullopt};
}

}  // namespace sqlicorn::loadgen
