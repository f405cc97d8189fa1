// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/ipc/scoreboard.h"

namespace sqlicorn {

enum class MigrationMode {
  kApply,  // creates the database if need be, sets the pragmas of the file, applies the schema
  kCheck,  // changes nothing: tries the schema on the database and rolls it back, or in memory
};

// What a reload knows of the generation that serves.
struct FormerFiles {
  std::string path;            // of its database, without links
  std::uint64_t database = 0;  // FileKeyOf, 0 = not known
  std::span<const WorkerSlot> slots = {};
};

// Makes the database ready for workers and proves that every statement and endpoint of the
// configuration works on it, in a short-lived process of its own. The error is the first
// thing wrong, with its place.
[[nodiscard]] Status RunMigration(const ServerConfig& config, MigrationMode mode,
                                  const FormerFiles& former = {});

}  // namespace sqlicorn
