// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/base/result.h"
#include "common/ipc/scoreboard.h"
#include "worker/sqlite/database_place.h"

namespace sqlicorn {

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

}  // namespace sqlicorn
