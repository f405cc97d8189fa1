// SPDX-License-Identifier: MIT
#include "master/fleet/shutdown.h"

namespace sqlicorn {
namespace {

// Between ABRT and KILL: workers name the requests they are at.
constexpr Duration kLastWords = std::chrono::milliseconds(200);

}  // namespace

// A second stop has a grace of its own, also where the first one is forcing already: who hears QUIT
// may go where TERM was not enough.
void Shutdown::Begin(Kind kind, TimePoint now, Duration graceful_timeout) {
  kind_ = kind;
  stage_ = Stage::kLeaving;
  deadline_ = now + (graceful() ? graceful_timeout + kGraceOfMaster : kQuickGrace);
}

// The end of the workers counts before any deadline: nobody is left to be forced. KILL is repeated,
// as nothing else would end a stop whose workers do not go.
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
