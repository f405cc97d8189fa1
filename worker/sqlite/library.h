// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sqlicorn {

// The SQLite library in use, "3.40.1".
[[nodiscard]] std::string LibraryVersion();

// As SQLite numbers it: 3040001.
[[nodiscard]] int LibraryVersionNumber();

// Whether that version can corrupt a WAL database when one connection checkpoints while another one
// commits (sqlite.org/wal.html#walresetbug).
[[nodiscard]] bool HasWalResetBug(int version_number);

}  // namespace sqlicorn
