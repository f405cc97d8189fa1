// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "common/ipc/scoreboard.h"

namespace sqlicorn {

// Whether worker `self` holds more than its share of the open connections, so that the others
// should have the first try at the next one. All workers listen on the same socket and the kernel
// wakes whoever it likes; without this the fastest takes most.
[[nodiscard]] bool HoldsMoreThanItsShare(std::span<const WorkerSlot> slots, std::size_t self);

}  // namespace sqlicorn
