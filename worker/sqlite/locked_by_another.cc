// SPDX-License-Identifier: MIT
#include "worker/sqlite/locked_by_another.h"

#include <fmt/format.h>

namespace sqlicorn {

Error LockedByAnother(const Connection& connection) {
  return Error{fmt::format(
      "cannot read '{}': the database is locked by another program, which kept it for more than "
      "{} s; end its transaction, or raise database.timeout",
      connection.path(), ToSeconds(connection.busy_timeout()))};
}

}  // namespace sqlicorn
