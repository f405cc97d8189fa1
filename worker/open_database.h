// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

// The connection of a worker: opened after the fork and the privilege drop, waiting for locks as
// the scheduler says, with all pragmas applied and verified.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenDatabase(const DatabaseSettings& settings);

// One without pragmas, for whoever sets up or looks: speaks the settings' SQL, and waits whatever
// the scheduler does about writers later, since recovery after a crash locks the database for a
// moment.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenPlain(const DatabaseSettings& settings,
                                                            const std::string& path, OpenMode mode);

// How the settings want the file opened that is there.
[[nodiscard]] OpenMode OpenModeOf(DatabaseAccess access);

// How a statement waits under a scheduler.
[[nodiscard]] BusyWait BusyWaitOf(SchedulerKind scheduler);

}  // namespace sqlicorn
