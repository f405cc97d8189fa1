// SPDX-License-Identifier: MIT
#include "tests/master/arbiter_bench.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

#include <gtest/gtest.h>

#include "common/base/log.h"
#include "common/base/process.h"

namespace sqlicorn {
namespace {

constexpr Duration kStep = std::chrono::milliseconds(10);
constexpr Duration kPatience = std::chrono::minutes(1);

Generation FirstGeneration(const ServerConfig& config) {
  auto listeners = Listeners::Bind(config.server);
  EXPECT_TRUE(listeners) << listeners.error().message;
  return {.config = config, .listeners = std::make_shared<Listeners>(*std::move(listeners))};
}

}  // namespace

Result<pid_t> PlayedChildren::StartWorker(const WorkerStart& start) {
  return Start(Role::kWorker, start.slot);
}

Result<pid_t> PlayedChildren::Start(Role role, std::size_t slot) {
  if (no_process_left) {
    return Error{"fork: Resource temporarily unavailable"};
  }
  const Generation* const candidate = generations_.candidate();
  const pid_t pid = ++last_pid_;
  children_[pid] = {
      .role = role,
      .pid = pid,
      .generation = role == Role::kPreparation ? candidate->number : generations_.serving().number,
      .slot = slot,
      .born = now_};
  living_.push_back(pid);
  ++started_.at(role);
  return pid;
}

void PlayedChildren::Signal(pid_t pid, int signal) {
  if (children_.contains(pid)) {
    children_.at(pid).signals.push_back(signal);
  }
}

std::optional<ChildEnd> PlayedChildren::Reap() {
  if (ended_.empty()) {
    return std::nullopt;
  }
  const ChildEnd end = ended_.front();
  ended_.pop_front();
  return end;
}

WorkerSlot* PlayedChildren::SlotOf(const PlayedChild& child) const {
  switch (child.role) {
    case Role::kWorker:
      return &shared_.scoreboard.slots()[child.slot];
    case Role::kCheckpointer:
      return &shared_.scoreboard.slots().back();
    default:
      return nullptr;
  }
}

void PlayedChildren::Play(TimePoint now) {
  now_ = now;
  for (const pid_t pid : std::vector<pid_t>(living_)) {
    Play(children_.at(pid));
  }
}

const Conduct& PlayedChildren::ConductOf(const PlayedChild& child) {
  const auto found = conduct_of_generation.find(child.generation);
  return child.role == Role::kWorker && found != conduct_of_generation.end() ? found->second
                                                                             : conduct[child.role];
}

// What it was told comes first, then what it does by itself.
void PlayedChildren::Play(const PlayedChild& child) {
  const Conduct& mine = ConductOf(child);
  for (const int signal : child.signals) {
    const bool deaf =
        std::find(mine.deaf_to.begin(), mine.deaf_to.end(), signal) != mine.deaf_to.end();
    if (signal == SIGUSR1 || (deaf && signal != SIGKILL)) {
      continue;
    }
    const bool orderly = signal == SIGTERM || signal == SIGQUIT;
    End(child.pid, orderly ? 0 : signal);
    return;
  }
  if (!mine.done_after || now_ - child.born < *mine.done_after) {
    return;
  }
  const bool ends = child.role == Role::kLastClose || child.role == Role::kPreparation;
  if (ends || mine.end_status != 0) {
    End(child.pid, mine.end_status);
    return;
  }
  WorkerSlot* const slot = SlotOf(child);
  if (slot != nullptr && !mine.silent) {
    slot->ready = 1;
    slot->state = WorkerState::kReady;
    slot->beat_us = now_.time_since_epoch() / std::chrono::microseconds(1);
  }
}

void PlayedChildren::End(pid_t pid, int status) {
  std::erase(living_, pid);
  ended_.push_back({pid, status});
}

std::vector<PlayedChild> PlayedChildren::Living(Role role) const {
  std::vector<PlayedChild> found;
  for (const pid_t pid : living_) {
    if (children_.at(pid).role == role) {
      found.push_back(children_.at(pid));
    }
  }
  return found;
}

const PlayedChild& PlayedChildren::Child(pid_t pid) const {
  return children_.at(pid);
}

ServerConfig ArbiterBench::TwoWorkers(const TempDir& dir) {
  ServerConfig config;
  config.server.bind = {"127.0.0.1:0"};
  config.server.workers = 2;
  config.server.timeout = 5;
  config.server.boot_timeout = 8;
  config.server.graceful_timeout = 3;
  config.server.errorlog = dir.File("error.log");
  config.database.path = dir.File("app.db");
  return config;
}

ArbiterBench::ArbiterBench(const ServerConfig& config, pid_t parent_master)
    : next_config(config),
      shared_(SharedState::Make(config.server).value()),
      surroundings_(testing::TempDir()),
      master_{.generations = Generations(FirstGeneration(config))},
      children_(shared_, master_.generations),
      log_(config.server.errorlog),
      arbiter_({.master = master_,
                .children = children_,
                .shared = shared_,
                .surroundings = surroundings_,
                .load = [this](const Generation& serving, const std::string&,
                               std::size_t) { return Load(serving); },
                .parent_master = parent_master,
                .now = now_}) {
  EXPECT_TRUE(SetLogTarget(log_));
}

ArbiterBench::~ArbiterBench() {
  EXPECT_TRUE(SetLogTarget("-"));
}

Result<Generation> ArbiterBench::Load(const Generation& serving) const {
  if (!next_config) {
    return Error{"the configuration is wrong"};
  }
  return Generation{
      .config = *next_config, .listeners = serving.listeners, .pidfile = serving.pidfile};
}

void ArbiterBench::Step(std::optional<int> signal) {
  now_ += kStep;
  children_.Play(now_);
  arbiter_.Turn(now_, signal);
  after_turn();
}

void ArbiterBench::Run(Duration time) {
  const TimePoint end = now_ + time;
  while (now_ < end && !arbiter_.stopped()) {
    Step();
  }
}

bool ArbiterBench::RunUntil(const std::function<bool()>& condition) {
  const TimePoint end = now_ + kPatience;
  while (!condition()) {
    if (now_ >= end || arbiter_.stopped()) {
      return condition();
    }
    Step();
  }
  return true;
}

bool ArbiterBench::RunUntilServing() {
  return RunUntil([this] {
    const ServerStatus status = Status();
    return status.phase == ServerStatus::Phase::kRunning &&
           status.CountServing() == status.wanted && status.workers.size() == status.wanted;
  });
}

bool ArbiterBench::RunUntilStopped() {
  return RunUntil([this] { return arbiter_.stopped(); });
}

std::vector<pid_t> ArbiterBench::Workers() const {
  std::vector<pid_t> pids;
  for (const PlayedChild& child : children_.Living(Role::kWorker)) {
    pids.push_back(child.pid);
  }
  return pids;
}

std::string ArbiterBench::Log() const {
  std::ostringstream text;
  text << std::ifstream(log_).rdbuf();
  return text.str();
}

}  // namespace sqlicorn
