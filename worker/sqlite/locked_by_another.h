// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/result.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

// That a connection which is being set up found the database locked for longer than its busy
// timeout, and the way out.
[[nodiscard]] Error LockedByAnother(const Connection& connection);

}  // namespace sqlicorn
