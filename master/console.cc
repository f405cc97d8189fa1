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

void Console::ServeOperators(const OwnClock& clock) {
  if (auto& control = parts_.master.control) {
    control->Serve(clock.real_now(),
                   [&](std::string_view request) { return Answer(request, clock); });
  }
}

std::string Console::Answer(std::string_view request, const OwnClock& clock) {
  const auto [id, words] = ParseControlRequest(request);
  if (!words) {
    return EncodeControlReply(id, words.error());
  }
  ServerStatus status = parts_.describe();
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

void Console::Report(const OwnClock& clock) {
  ReportLaunch();
  NotifyService(clock.real_now());
}

void Console::ReportLaunch() {
  LaunchReport*& launch = parts_.master.launch;
  if (launch != nullptr && (parts_.fleet.wanted() == 0 || parts_.describe().CountServing() > 0)) {
    std::exchange(launch, nullptr)->Ready();
  }
}

// Until a second master is promoted the first one speaks for the service.
void Console::NotifyService(TimePoint now) {
  if (!notifier_ || parts_.upgrade.second()) {
    return;
  }
  notifier_->Flush();
  for (std::string& datagram : report_.Update(parts_.describe(), now)) {
    notifier_->Send(std::move(datagram));
  }
}

void Console::TellPromotion() {
  if (notifier_) {
    notifier_->SendMainPid(getpid());
  }
}

void Console::AddTo(EventWait& wait) const {
  if (const auto& control = parts_.master.control) {
    control->AddTo(wait, Clock::now());
  }
}

TimePoint Console::next_deadline() const {
  const TimePoint report = notifier_ ? report_.next_deadline() : TimePoint::max();
  const auto& control = parts_.master.control;
  return control ? std::min(report, control->next_deadline()) : report;
}

}  // namespace sqlicorn
