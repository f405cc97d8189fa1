// SPDX-License-Identifier: MIT
#include "worker/versions.h"

#include <fmt/format.h>

#include "worker/sqlite/library.h"

namespace sqlicorn {

std::string VersionText() {
  return fmt::format("sqlicorn (version {}, SQLite {})", SQLICORN_VERSION, LibraryVersion());
}

bool VersionHasWalResetBug() {
  return HasWalResetBug(LibraryVersionNumber());
}

}  // namespace sqlicorn
