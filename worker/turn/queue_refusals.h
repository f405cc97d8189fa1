// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "worker/plan/outcome.h"

namespace sqlicorn {

// What a write is told that the queue gives up: one word for each cause. All have the code
// SQLITE_BUSY, which is what clients go by.

// It had the turn, and a lock that is held outside the queue stayed.
[[nodiscard]] Outcome LockedOutside();

// `setting`: the name of the one that said how long it waits.
[[nodiscard]] Outcome NoTurn(std::string_view setting);

[[nodiscard]] Outcome TooManyWaiting();

}  // namespace sqlicorn
