// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include "common/base/socket_address.h"
#include "master/identity.h"

namespace sqlicorn {

// Who may do what with the file of a unix socket.
struct SocketFileRights {
  mode_t mode = 0777;
  FileOwner owner = {};
};

// Binds a socket to its path and gives the file away. The file has the permissions `mode` from its
// first moment, whatever the umask. 0, or the errno that kept us from it: then there is no file.
[[nodiscard]] int BindSocketFile(int fd, const SocketAddress& address,
                                 const SocketFileRights& rights);

}  // namespace sqlicorn
