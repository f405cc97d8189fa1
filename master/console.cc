// SPDX-License-Identifier: MIT
#include "master/console.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "common/base/log.h"
#include "common/control/control_protocol.h"

namespace sqlicorn {

Console::Console(Parts parts)
    : parts_(std::move(parts)),
      notifier_(OpenNotifier(parts_.service)),
      report_(parts_.service.watchdog) {}

ServerStatus Console::Describe(const OwnClock& clock) const {
  const Generation& serving = parts_.master.generations.serving();
  ServerStatus status;
  status.pid = getpid();
  status.uptime = clock.real_now() - parts_.started_at;
  status.generation = serving.number;
  status.config = &serving.config;
  parts_.fleet.Describe(&status, clock);
  parts_.reload.Describe(&status);
  parts_.upgrade.Describe(&status);
  // Last: a stop that was begun in the middle of a reload is a stop.
  if (!parts_.shutdown.running()) {
    status.phase = ServerStatus::Phase::kStopping;
  }
  for (const int fd : serving.listeners->fds()) {
    status.listeners.push_back(DescribeListener(fd));
  }
  return status;
}

void Console::ServeOperators(const OwnClock& clock) {
  if (auto& control = parts_.master.control) {
    control->Serve(clock.real_now(),
                   [&](std::string_view request) { return Answer(request, clock); });
  }
}

// Decided on one look and told from the same: an effect shows in the next answer.
std::string Console::Answer(std::string_view request, const OwnClock& clock) {
  const auto [id, words] = ParseControlRequest(request);
  if (!words) {
    return EncodeControlReply(id, words.error());
  }
  ServerStatus status = Describe(clock);
  parts_.fleet.DescribeWrites(&status);
  const ControlResult result = DecideCommand(*words, status);
  if (result.effect) {
    LogInfo("Control: {}", fmt::join(*words, " "));
    Apply(*result.effect, clock);
  }
  return EncodeControlReply(id, result.outcome);
}

void Console::Apply(const ControlEffect& effect, const OwnClock& clock) {
  switch (effect.kind) {
    case ControlEffect::Kind::kSetWanted:
      parts_.fleet.SetWanted(static_cast<std::size_t>(effect.value));
      break;
    case ControlEffect::Kind::kKillWorker:
      parts_.fleet.Dismiss(static_cast<pid_t>(effect.value), EndCause::kCommand,
                           parts_.master.generations.serving().config.server, clock);
      break;
    case ControlEffect::Kind::kRaise:
      // By way of the queue, so that it keeps its place among other signals.
      parts_.children.Signal(getpid(), static_cast<int>(effect.value));
      break;
  }
}

// At the end of the turn, when it is known what has become of it.
void Console::Report(const OwnClock& clock) {
  ReportLaunch(clock);
  NotifyService(clock);
}

// A launcher waits in somebody's terminal. With no worker wanted there is nothing to wait for.
void Console::ReportLaunch(const OwnClock& clock) {
  LaunchReport*& launch = parts_.master.launch;
  if (launch != nullptr && (parts_.fleet.wanted() == 0 || Describe(clock).CountServing() > 0)) {
    std::exchange(launch, nullptr)->Ready();
  }
}

// Until a second master is promoted the first one speaks for the service.
void Console::NotifyService(const OwnClock& clock) {
  if (!notifier_ || parts_.upgrade.second()) {
    return;
  }
  notifier_->Flush();  // what there was no room for comes before what is new
  for (std::string& datagram : report_.Update(Describe(clock), clock.real_now())) {
    notifier_->Send(std::move(datagram));
  }
}

// The manager has watched the first master so far, and would take its end for that of the service.
void Console::TellPromotion() {
  if (notifier_) {
    notifier_->SendMainPid(getpid());
  }
}

// The service manager is not waited for: what it has no room for is tried again with the next turn.
void Console::AddTo(EventWait& wait) const {
  if (const auto& control = parts_.master.control) {
    control->AddTo(wait, Clock::now());
  }
}

// In the time of all processes: nothing here is about a child.
TimePoint Console::next_deadline() const {
  const TimePoint report = notifier_ ? report_.next_deadline() : TimePoint::max();
  const auto& control = parts_.master.control;
  return control ? std::min(report, control->next_deadline()) : report;
}

}  // namespace sqlicorn
