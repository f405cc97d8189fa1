// SPDX-License-Identifier: MIT
// The arbiter's word to those who run the server: operators at the control socket, whoever launched
// a daemon, and the service manager; and its sleep, which any of them may end.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "common/base/log.h"
#include "common/control/control_protocol.h"
#include "master/arbiter.h"

namespace sqlicorn {

void Arbiter::ServeControl() {
  if (master_.control) {
    master_.control->Serve(clock_.real_now(),
                           [this](std::string_view request) { return AnswerControl(request); });
  }
}

std::string Arbiter::AnswerControl(std::string_view request) {
  const auto [id, words] = ParseControlRequest(request);
  if (!words) {
    return EncodeControlReply(id, words.error());
  }
  ServerStatus status = Describe();
  fleet_.DescribeWrites(&status);
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
      fleet_.SetWanted(static_cast<std::size_t>(effect.value));
      break;
    case ControlEffect::Kind::kKillWorker:
      fleet_.Dismiss(static_cast<pid_t>(effect.value), EndCause::kCommand, config().server, clock_);
      break;
    case ControlEffect::Kind::kRaise:
      // By way of the queue, so that it keeps its place among other signals.
      children_.Signal(getpid(), static_cast<int>(effect.value));
      break;
  }
}

void Arbiter::NotifyService() {
  if (!notifier_ || upgrade_.second()) {
    return;
  }
  notifier_->Flush();
  for (std::string& datagram : report_.Update(Describe(), clock_.real_now())) {
    notifier_->Send(std::move(datagram));
  }
}

void Arbiter::ReportLaunch() {
  if (master_.launch != nullptr && (fleet_.wanted() == 0 || Describe().CountServing() > 0)) {
    std::exchange(master_.launch, nullptr)->Ready();
  }
}

ServerStatus Arbiter::Describe() const {
  ServerStatus status;
  status.pid = getpid();
  status.uptime = clock_.real_now() - started_at_;
  status.generation = serving().number;
  status.config = &config();
  fleet_.Describe(&status, clock_);
  reload_.Describe(&status);
  upgrade_.Describe(&status);
  if (!shutdown_.running()) {
    status.phase = ServerStatus::Phase::kStopping;
  }
  for (const int fd : serving().listeners->fds()) {
    status.listeners.push_back(DescribeListener(fd));
  }
  return status;
}

TimePoint Arbiter::next_deadline() const {
  TimePoint own = std::min(fleet_.next_overdue(), checkpointer_.next_deadline());
  own = std::min(own, shutdown_.next_deadline());
  const TimePoint real = clock_.RealOf(own);
  TimePoint next = std::min(real, clock_.real_now() + OwnClock::kLongestTurn);
  if (shutdown_.running()) {
    next = std::min(next, fleet_.next_spawn());
  }
  if (notifier_) {
    next = std::min(next, report_.next_deadline());
  }
  return master_.control ? std::min(next, master_.control->next_deadline()) : next;
}

void Arbiter::Sleep(const SignalQueue& signals) const {
  EventWait wait;
  signals.AddTo(wait);
  wait.ForInput(doorbell_.fd());
  if (master_.control) {
    master_.control->AddTo(wait, Clock::now());
  }
  wait.Until(next_deadline());
}

}  // namespace sqlicorn
