// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/socket_address.h"

namespace sqlicorn {

// Whether the system refuses one socket when another one listens: the same port, and the same host
// or one that stands for all. Unix sockets overlap when they have the same path; a port that is
// left to the kernel overlaps with none.
[[nodiscard]] bool Overlap(const SocketAddress& a, const SocketAddress& b);

}  // namespace sqlicorn
