// SPDX-License-Identifier: MIT
#include "master/fleet/shutdown.h"

namespace sqlicorn {
namespace {

// Between ABRT and KILL: workers name the requests they are at.
constexpr Duration kLastWords = std::chrono::milliseconds(200);

}  // namespace

void Shutdown::Begin(Kind kind, TimePoint now, Duration graceful_timeout) {
  kind_ = kind;
  stage_ = Stage::kLeaving;
  deadline_ = now + (graceful() ? graceful_timeout : kQuickGrace);
}

Shutdown::Step Shutdown::Next(TimePoint now, bool workers_left) {
  if (running() || stopped()) {
    return Step::kNone;
  }
  if (!workers_left) {
    stage_ = Stage::kClosing;
    deadline_ = TimePoint::max();
    return Step::kCloseDatabase;
  }
  if (now < deadline_) {
    return Step::kNone;
  }
  const bool first = stage_ == Stage::kLeaving;
  stage_ = first ? Stage::kAborted : Stage::kKilled;
  deadline_ = now + kLastWords;
  return first ? Step::kAbortWorkers : Step::kKillWorkers;
}

}  // namespace sqlicorn
