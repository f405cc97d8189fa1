// SPDX-License-Identifier: MIT
#include "worker/slice/run_limit.h"

#include <utility>

#include <fmt/format.h>

#include "common/base/clock.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {
namespace {

constexpr int kBusy = 5;  // SQLITE_BUSY

}  // namespace

RunLimit::RunLimit(Connection& connection) {
  connection.OnProgress([this] { return OnProgress(); });
}

void RunLimit::Start(const Until& until) {
  until_ = until;
  end_ = End::kNone;
}

RunLimit::End RunLimit::Stop() {
  until_ = {};
  return std::exchange(end_, End::kNone);
}

RunLimit::End RunLimit::Judge(const Until& until, std::int64_t now_us) {
  if (now_us >= until.deadline_us) {
    return End::kTimeout;
  }
  return now_us >= until.slice_us ? End::kSlice : End::kNone;
}

// Once: what is run after that undoes what was ended, and must not be ended itself.
bool RunLimit::OnProgress() {
  if (until_.slice_us == kNever && until_.deadline_us == kNever) {
    return false;
  }
  end_ = Judge(until_, MonotonicUs());
  if (end_ == End::kNone) {
    return false;
  }
  until_ = {};
  return true;
}

std::int64_t TimeLimit::After(std::int64_t since_us) const {
  return seconds > 0 ? since_us + static_cast<std::int64_t>(seconds * 1e6) : RunLimit::kNever;
}

Outcome TookTooLong(const TimeLimit& limit) {
  return {OutcomeKind::kTimedOut,
          SqlStatus::Interrupted(fmt::format("interrupted: it took longer than {} ({} s)",
                                             limit.setting, limit.seconds))};
}

Outcome NoReaderCame(const TimeLimit& limit) {
  return {OutcomeKind::kNoTurn,
          SqlStatus(kBusy, fmt::format("too many reads are long: within {} ({} s) none of "
                                       "database.long_reads had ended",
                                       limit.setting, limit.seconds))};
}

}  // namespace sqlicorn
