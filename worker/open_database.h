// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"

namespace sqlicorn {

class Connection;
struct DatabaseFiles;
enum class BusyWait;
enum class OpenMode;

// What is known of the database that is served when a process is about to open it.
struct ServedFiles {
  std::uint64_t database = 0;              // FileKeyOf of the generation, 0 = any
  std::span<const WorkerSlot> slots = {};  // whoever has it open, we among them
};

// JudgeFiles for the shared memory of this server, and whether the log is that of another file.
// Called before SQLite opens anything, as it would make the files that are missing; `path` has no
// links.
[[nodiscard]] Status CheckServed(const std::string& path, const ServedFiles& served);

// Tells the others what this process has open, until it is told to forget. Done again and again,
// for what is shared may have been overwritten.
void Publish(const DatabaseFiles& files, OpenFiles& row);

// The connection of a process that serves: OpenDatabase, if what stands there is what the others
// serve, who learn from `row` which files this process has open.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenServed(const DatabaseSettings& settings,
                                                             const ServedFiles& served,
                                                             OpenFiles& row);

// A connection as a worker has it: opened after the fork and the privilege drop, waiting for locks
// as OpenPlain does, with all pragmas applied and verified.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenDatabase(const DatabaseSettings& settings);

// A second connection of a worker, to read on: of the very files that `first` has open, or an
// error. Never waits for a lock, never writes, never makes a checkpoint, also not where it is the
// last one.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenReader(const DatabaseSettings& settings,
                                                             const ServedFiles& served,
                                                             Connection& first);

// One without pragmas, for whoever sets up or looks: speaks the settings' SQL, and waits whatever
// the scheduler does about writers later, since recovery after a crash locks the database for a
// moment.
[[nodiscard]] Result<std::unique_ptr<Connection>> OpenPlain(const DatabaseSettings& settings,
                                                            const std::string& path, OpenMode mode);

// How the settings want the file opened that is there.
[[nodiscard]] OpenMode OpenModeOf(DatabaseAccess access);

// How a statement waits under a scheduler, once the process serves.
[[nodiscard]] BusyWait BusyWaitOf(SchedulerKind scheduler);

}  // namespace sqlicorn
