// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "loadgen/scenario/server_url.h"

namespace sqlicorn::loadgen {

// Every address of `host`, an IP literal or a name, in the order in which to try them; never empty.
// "localhost" is both loopback addresses, whatever the machine's tables say. Asks the C library and
// waits for it, so it is for the time before a run. The error names the host.
[[nodiscard]] Result<std::vector<SocketAddress>> ResolveHost(const std::string& host,
                                                             std::uint16_t port);

// The same for a server that may be at a unix socket.
[[nodiscard]] Result<std::vector<SocketAddress>> ResolveServer(const ServerUrl& server);

}  // namespace sqlicorn::loadgen
