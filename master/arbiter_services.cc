// SPDX-License-Identifier: MIT
// The arbiter's word to those who run the server: operators at the control socket, and the service
// manager.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/ranges.h>

#include "common/base/log.h"
#include "common/control/control_protocol.h"
#include "master/arbiter.h"
#include "master/start/log_settings.h"

namespace sqlicorn {

void Arbiter::ServeControl() {
  if (control_) {
    control_->Serve(Clock::now(),
                    [this](std::string_view request) { return AnswerControl(request); });
  }
}

std::string Arbiter::AnswerControl(std::string_view request) {
  const auto [id, words] = ParseControlRequest(request);
  if (!words) {
    return EncodeControlReply(id, words.error());
  }
  ServerStatus status = DescribeServer();
  for (WorkerStatus& worker : status.workers) {
    worker.counts = CountsOf(worker.slot);
  }
  DescribeTurn(&status);
  status.endpoints = endpoint_rows_.names();
  const ControlResult result = DecideCommand(*words, status);
  if (result.effect) {
    LogInfo("Control: {}", fmt::join(*words, " "));
    Apply(*result.effect);
  }
  return EncodeControlReply(id, result.outcome);
}

void Arbiter::Apply(const ControlEffect& effect) {
  switch (effect.kind) {
    case ControlEffect::Kind::kSetWanted:
      wanted_ = static_cast<std::size_t>(effect.value);
      break;
    case ControlEffect::Kind::kKillWorker:
      for (WorkerRecord& worker : table_.workers()) {
        if (worker.pid == effect.value && !worker.leaving()) {
          Dismiss(worker, EndCause::kCommand);
        }
      }
      break;
    case ControlEffect::Kind::kRaise:
      // By way of the queue, so that it keeps its place among other signals.
      kill(getpid(), static_cast<int>(effect.value));
      break;
  }
}

void Arbiter::NotifyService() {
  // Until a second master is promoted the first one speaks for the service.
  if (!notifier_ || parent_master_ != 0) {
    return;
  }
  notifier_->Flush();
  for (std::string& datagram : report_.Update(DescribeServer(), Clock::now())) {
    notifier_->Send(std::move(datagram));
  }
}

void Arbiter::ReportLaunch() {
  if (launch_ != nullptr && (DescribeServer().CountServing() > 0 || wanted_ == 0)) {
    std::exchange(launch_, nullptr)->Ready();
  }
}

void Arbiter::SleepUntilNextTurn() {
  EventWait wait;
  signals_.AddTo(wait);
  wait.ForInput(doorbell_.fd());
  TimePoint deadline = NextDeadline();
  if (control_) {
    control_->AddTo(wait, Clock::now());
    deadline = std::min(deadline, control_->next_deadline());
  }
  if (notifier_) {
    deadline = std::min(deadline, report_.next_deadline());
  }
  wait.Until(deadline);
}

ServerStatus Arbiter::DescribeServer() const {
  using Phase = ServerStatus::Phase;
  const bool reloading = generations_.preparing() || generations_.replacing();
  ServerStatus status;
  status.pid = getpid();
  status.successor = successor_pid_;
  if (state_ != State::kRunning) {
    status.phase = Phase::kStopping;
  } else if (reloading) {
    status.phase = Phase::kReloading;
  }
  status.uptime = Clock::now() - started_at_;
  status.generation = generations_.serving().number;
  status.wanted = wanted_;
  status.room = slots_.size() - 1;
  status.counters = counters_;
  status.reloads_failed = counters_.reloads_begun - counters_.reloads_done - (reloading ? 1 : 0);
  status.config = &config();
  for (const WorkerRecord& worker : table_.workers()) {
    status.workers.push_back(StatusOf(worker, slots_[worker.slot], clock_.now()));
  }
  for (const int fd : generations_.serving().listeners->fds()) {
    status.listeners.push_back(DescribeListener(fd));
  }
  return status;
}

void Arbiter::DescribeTurn(ServerStatus* status) const {
  const auto queue = Queue();
  const auto turn = queue ? queue->turn(MonotonicUs()) : std::nullopt;
  for (const WorkerStatus& worker : status->workers) {
    if (turn && worker.slot == turn->slot) {
      status->turn_of = worker.pid;
      status->turn_age = std::chrono::microseconds(turn->age_us);
    }
  }
}

WorkerCounts Arbiter::CountsOf(std::size_t slot) const {
  WorkerCounts counts =
      ReadCounters(scoreboard_.counters(slot), endpoint_rows_.names().size(), MonotonicUs());
  if (const auto queue = Queue()) {
    counts.revocations = queue->revoked(slot);
  }
  return counts;
}

Result<pid_t> Arbiter::SpawnChild(const Generation& generation,
                                  const std::function<ExitCode()>& body) {
  CreateLogs(generation);
  const auto child = [&] {
    if (control_) {
      control_->LeaveInChild();
    }
    last_words_.LeaveInChild();
    if (launch_ != nullptr) {
      launch_->LeaveInChild();
    }
    generations_.LeaveInChild();
    return body();
  };
  return spawner_.Spawn(child, generation.identity);
}

// Without this a worker would have to make a log file that was moved away, where it may not.
void Arbiter::CreateLogs(const Generation& generation) const {
  const auto created = CreateLogFiles(generation.config.server, generation.identity.owner());
  if (!created) {
    LogError("{}", created.error().message);
  }
}

}  // namespace sqlicorn
