// SPDX-License-Identifier: MIT
#include "worker/sqlite/library.h"

#include <sqlite3.h>

#include "common/base/result.h"

namespace sqlicorn {
namespace {

constexpr int kFirstPages = 4;  // that a cache takes at once

}  // namespace

LibraryUse LibraryUseOf(const std::vector<PragmaSpec>& pragmas) {
  LibraryUse use;
  for (const PragmaSpec& pragma : pragmas) {
    if (pragma.name == "threads" && pragma.value != "0") {
      use.one_thread = false;
    }
    if (pragma.name == "soft_heap_limit" || pragma.name == "hard_heap_limit") {
      use.counts_heap = true;
    }
  }
  return use;
}

// The account costs two mutexes and the size of each piece of memory that is taken or given back: a
// SELECT takes one for every text column. A cache takes the memory of twenty pages at once, also
// that of each temporary table of a statement: a worker has many of them while reads are held.
void SetLibraryUse(const LibraryUse& use) {
  const int mode = use.one_thread ? SQLITE_CONFIG_SINGLETHREAD : SQLITE_CONFIG_MULTITHREAD;
  CHECK(sqlite3_config(mode) == SQLITE_OK);
  CHECK(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, use.counts_heap ? 1 : 0) == SQLITE_OK);
  void* const none = nullptr;
  CHECK(sqlite3_config(SQLITE_CONFIG_PAGECACHE, none, 0, kFirstPages) == SQLITE_OK);
}

}  // namespace sqlicorn
