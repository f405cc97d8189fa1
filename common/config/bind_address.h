// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

enum class BindKind { kIpv4, kIpv6, kUnix, kFd };

// Where to listen.
struct BindAddress {
  BindKind kind = BindKind::kIpv4;
  std::string host;        // an IP address without brackets; "" for kUnix and kFd
  std::uint16_t port = 0;  // 0 = the kernel chooses
  std::string path;        // of the socket, kUnix only
  int fd = -1;             // an inherited descriptor that listens already, kFd only
};

// "HOST:PORT", "[v6]:PORT", ":PORT" (all IPv4 addresses), "unix:PATH" or "fd://N"; the port is 8000
// when left out. HOST is an IP address or "localhost" (127.0.0.1): names are not resolved. As in
// gunicorn "tcp://" may stand before a host and "unix://" before a path.
[[nodiscard]] Result<BindAddress> ParseBindAddress(std::string_view text);

}  // namespace sqlicorn
