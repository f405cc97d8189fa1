// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/base/result.h"

namespace sqlicorn {

// Tries out what SQLite relies on, with a second process and a scratch file in the directory of the
// database at `path`: that a lock one process holds is refused to another, and free again when its
// holder has died. Some network and user-space file systems grant every lock, and then processes
// that write at a time destroy the database without a word. The database file itself is not
// opened. Nothing is said about a directory where no file can be made: preparing the database
// explains that better.
// Forks: REQUIRES a short-lived child of the master with one thread.
[[nodiscard]] Status ProbeFileLocks(const std::string& path);

}  // namespace sqlicorn
