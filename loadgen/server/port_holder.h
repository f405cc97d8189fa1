// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// Fails when somebody listens at a TCP port of 127.0.0.1, and says who: what would be measured then
// is not the server that is to be started.
[[nodiscard]] Status CheckPortFree(std::uint16_t port);

// The inode of the socket that listens at the port, from the text of /proc/net/tcp or tcp6.
[[nodiscard]] std::optional<std::uint64_t> ListenerInode(std::string_view table,
                                                         std::uint16_t port);

}  // namespace sqlicorn::loadgen
