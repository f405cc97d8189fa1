// SPDX-License-Identifier: MIT
#include "master/service/service_report.h"

#include <algorithm>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

using Phase = ServerStatus::Phase;

bool IsHealthy(const ServerStatus& status) {
  return status.CountServing() > 0 || status.wanted == 0 || status.phase == Phase::kStopping;
}

std::string CountText(const ServerStatus& status) {
  std::string text = fmt::format("{} of {} workers ready", status.CountServing(), status.wanted);
  if (const std::size_t leaving = status.Count(WorkerState::kStopping); leaving > 0) {
    text += fmt::format(", {} stopping", leaving);
  }
  return text;
}

}  // namespace

std::vector<std::string> ServiceReport::Update(const ServerStatus& status, TimePoint now) {
  NoteReloads(status);
  const std::vector<State> passed = Advance(status);
  const std::string text = StatusText(status);
  std::vector<std::string> datagrams;
  datagrams.reserve(passed.size() + 1);
  for (const State state : passed) {
    datagrams.push_back(HeadOf(state, status, now) + text);
  }
  const bool changed = text != sent_status_;
  status_waits_ = changed && passed.empty() && now < status_sent_at_ + kStatusPause;
  if (changed && !status_waits_) {
    sent_status_ = text;
    status_sent_at_ = now;
    if (passed.empty()) {
      datagrams.push_back(text);
    }
  }
  // At half of the interval: one that is late must not be taken for a server that hangs.
  beats_ = watchdog_ && state_ != State::kStarting && IsHealthy(status);
  if (beats_ && now >= beat_at_ + *watchdog_ / 2) {
    beat_at_ = now;
    datagrams.emplace_back("WATCHDOG=1");
  }
  return datagrams;
}

// RELOADING needs the instant, by which systemd tells it from an earlier one.
std::string ServiceReport::HeadOf(State state, const ServerStatus& status, TimePoint now) {
  switch (state) {
    case State::kReloading:
      return fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n",
                         now.time_since_epoch() / std::chrono::microseconds(1));
    case State::kStopping:
      // A service that stops would take its next master along.
      return status.successor == 0 ? "STOPPING=1\n" : fmt::format("MAINPID={}\n", status.successor);
    case State::kStarting:
    case State::kServing:
      break;
  }
  return "READY=1\n";
}

// The manager waits for READY after each RELOADING, so none may be left out, although a look may
// find that several things have happened since the last one.
std::vector<ServiceReport::State> ServiceReport::Advance(const ServerStatus& status) {
  std::vector<State> passed;
  const auto enter = [&](State state) {
    state_ = state;
    passed.push_back(state);
  };
  const bool reload_began = status.counters.reloads_begun != reloads_begun_;
  reloads_begun_ = status.counters.reloads_begun;
  if (status.phase == Phase::kStopping) {
    if (state_ != State::kStopping) {
      enter(State::kStopping);
    }
    return passed;
  }
  const bool booted = state_ == State::kStarting && status.CountServing() > 0;
  const bool reload_over =
      state_ == State::kReloading && (reload_began || status.phase == Phase::kRunning);
  if (booted || reload_over) {
    enter(State::kServing);
  }
  if (state_ == State::kServing && reload_began) {
    enter(State::kReloading);
  }
  // One that failed at once, or was over between two looks.
  if (state_ == State::kReloading && status.phase == Phase::kRunning) {
    enter(State::kServing);
  }
  return passed;
}

void ServiceReport::NoteReloads(const ServerStatus& status) {
  if (status.reloads_failed != reloads_failed_) {
    last_reload_failed_ = true;
  } else if (status.counters.reloads_done != reloads_done_) {
    last_reload_failed_ = false;
  }
  reloads_failed_ = status.reloads_failed;
  reloads_done_ = status.counters.reloads_done;
}

TimePoint ServiceReport::next_deadline() const {
  const TimePoint next = beats_ ? beat_at_ + *watchdog_ / 2 : TimePoint::max();
  return status_waits_ ? std::min(next, status_sent_at_ + kStatusPause) : next;
}

std::string ServiceReport::StatusText(const ServerStatus& status) const {
  switch (status.phase) {
    case Phase::kStopping:
      return fmt::format("STATUS={}: {} workers left",
                         status.successor == 0 ? "Stopping" : "Handing over",
                         status.workers.size());
    case Phase::kReloading:
      return "STATUS=Reloading: " + CountText(status);
    case Phase::kRunning:
      break;
  }
  return "STATUS=" + CountText(status) + (last_reload_failed_ ? "; the last reload failed" : "");
}

}  // namespace sqlicorn
