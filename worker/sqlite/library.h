// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "common/config/server_config.h"

namespace sqlicorn {

// How a process uses the SQLite library, before it first uses it.
struct LibraryUse {
  bool one_thread = true;    // no mutexes
  bool counts_heap = false;  // keeps account of its memory, which heap limits need

  friend bool operator==(const LibraryUse&, const LibraryUse&) = default;
};

// What the pragmas of its connections leave: `threads` lets SQLite sort in threads of its own, and
// the heap limits need the account.
[[nodiscard]] LibraryUse LibraryUseOf(const std::vector<PragmaSpec>& pragmas);

// For the rest of this process. REQUIRES: nothing of SQLite has been used in it, and one thread
// will use it.
void SetLibraryUse(const LibraryUse& use);

}  // namespace sqlicorn
