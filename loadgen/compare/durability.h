// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "loadgen/server/query_output.h"

namespace sqlicorn::loadgen {

// What may become of writes that were acknowledged, in words, as SQLite's documentation has it
// (sqlite.org: pragma.html#pragma_synchronous, pragma.html#pragma_journal_mode, wal.html).
struct Durability {
  std::string crash;      // of a process: a worker that is killed
  std::string power_cut;  // or a crash of the operating system
  bool durable = false;   // an acknowledged write survives both
};

// From the pragmas that were read back, on this kind of file system. All words are "unknown" where
// there is no journal_mode or synchronous among them.
[[nodiscard]] Durability DurabilityOf(const Pragmas& pragmas, std::string_view file_system);

}  // namespace sqlicorn::loadgen
