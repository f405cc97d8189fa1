// SPDX-License-Identifier: MIT
#include "tests/integration/stall_watch.h"

#include <unistd.h>

#include <algorithm>

#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

// Shorter gaps are not worth a look at all processes.
constexpr Duration kLong = std::chrono::milliseconds(10);

}  // namespace

StallWatch::StallWatch(const Writers& writers, const ServerProcess& server)
    : writers_(writers), server_(server), thread_([this] { Run(); }) {}

StallWatch::~StallWatch() {
  static_cast<void>(Longest());
}

Duration StallWatch::Longest() {
  stop_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
  return longest_;
}

void StallWatch::Run() {
  int known = writers_.acknowledged();
  TimePoint since = Clock::now();
  while (!stop_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const int acknowledged = writers_.acknowledged();
    const TimePoint now = Clock::now();
    if (acknowledged != known) {
      EndGap(now - since);
      known = acknowledged;
      since = now;
    } else if (now - since > kLong && at_start_.empty()) {
      at_start_ = ReadDelays();
    }
  }
  EndGap(Clock::now() - since);
}

void StallWatch::EndGap(Duration gap) {
  longest_in_all_ = std::max(longest_in_all_, gap);
  Duration starved{};
  if (!at_start_.empty()) {
    for (const auto& [thread, delay] : ReadDelays()) {
      starved += delay - at_start_[thread];  // nothing, when it was born since
    }
    at_start_.clear();
  }
  longest_ = std::max(longest_, gap - std::min(gap, starved));
}

StallWatch::Delays StallWatch::ReadDelays() const {
  std::vector<pid_t> pids = server_.alive();
  pids.push_back(getpid());
  return RunDelays(pids);
}

}  // namespace sqlicorn
