// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/control/control_protocol.h"
#include "master/fleet/server_status.h"

namespace sqlicorn {

// What a command wants the master to do.
struct ControlEffect {
  enum class Kind {
    kSetWanted,   // `value` workers
    kKillWorker,  // `value` is its pid
    kRaise,       // the signal `value`, as if it had been sent to the master
  };

  Kind kind;
  std::int64_t value;
};

struct ControlResult {
  ControlOutcome outcome;
  std::optional<ControlEffect> effect = std::nullopt;  // none when the outcome is an error
};

// Decides a command of the control socket: what to answer and what to do. Changes nothing itself.
// REQUIRES: status.config is set.
[[nodiscard]] ControlResult DecideCommand(const std::vector<std::string>& words,
                                          const ServerStatus& status);

}  // namespace sqlicorn
