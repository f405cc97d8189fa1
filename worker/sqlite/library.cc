// SPDX-License-Identifier: MIT
#include "worker/sqlite/library.h"

#include <sqlite3.h>

namespace sqlicorn {

std::string LibraryVersion() {
  return sqlite3_libversion();
}

int LibraryVersionNumber() {
  return sqlite3_libversion_number();
}

bool HasWalResetBug(int version_number) {
  const auto from_until = [version_number](int first, int end) {
    return version_number >= first && version_number < end;
  };
  const bool fixed_backport = from_until(3044006, 3045000) || from_until(3050007, 3051000);
  return from_until(3007000, 3051003) && !fixed_backport;
}

}  // namespace sqlicorn
