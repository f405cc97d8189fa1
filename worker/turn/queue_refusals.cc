// SPDX-License-Identifier: MIT
#include "worker/turn/queue_refusals.h"

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr int kBusy = 5;  // SQLITE_BUSY

}  // namespace

Outcome LockedOutside() {
  return {OutcomeKind::kBusy, SqlStatus(kBusy, "database is locked")};
}

Outcome NoTurn(std::string_view setting) {
  return {OutcomeKind::kNoTurn,
          SqlStatus(kBusy,
                    fmt::format("database is locked: no turn to write came within {}", setting))};
}

Outcome TooManyWaiting() {
  return {OutcomeKind::kNoTurn,
          SqlStatus(kBusy, "too many writes are waiting: database.max_pending_writes is reached")};
}

}  // namespace sqlicorn
