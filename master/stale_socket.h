// SPDX-License-Identifier: MIT
#pragma once

#include "common/base/socket_address.h"

namespace sqlicorn {

// Makes way for a unix socket: removes the file at its path if that is a socket whose owner is
// gone. 0 when the path is free now, EADDRINUSE when a process listens there, ENOTSOCK when
// something else than a socket is there, otherwise the errno that kept us from finding out.
[[nodiscard]] int RemoveStaleSocket(const SocketAddress& address);

}  // namespace sqlicorn
