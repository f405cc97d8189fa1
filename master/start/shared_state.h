// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/ipc/doorbell.h"
#include "common/ipc/scoreboard.h"
#include "common/ipc/shared_write_queue.h"

namespace sqlicorn {

// What the master shares with its children, made before the first fork. Outlives all of them.
struct SharedState {
  Scoreboard scoreboard;                    // a slot for each worker, the last for the checkpointer
  Doorbell doorbell;                        // rung by workers, heard by the master
  std::optional<Doorbell> checkpoint_bell;  // rung by workers, heard by the checkpointer
  std::optional<SharedWriteQueue> queue;    // of the schedulers fifo and group

  // Room for the workers of two generations. Without a queue, which a system may refuse, a warning
  // says that writes will retry.
  [[nodiscard]] static Result<SharedState> Make(const ServerSettings& settings);
};

}  // namespace sqlicorn
