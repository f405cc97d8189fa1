// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace sqlicorn {

// An IPv4, IPv6 or unix socket address. Names are not resolved, except "localhost" and "" (any
// IPv4 address).
class SocketAddress {
 public:
  [[nodiscard]] static Result<SocketAddress> Ip(const std::string& host, std::uint16_t port);
  [[nodiscard]] static Result<SocketAddress> Unix(const std::string& path);
  // The peer of a connected socket; an unnamed unix peer has an empty path.
  [[nodiscard]] static SocketAddress PeerOf(int fd);
  // The address a socket is bound to.
  [[nodiscard]] static SocketAddress LocalOf(int fd);

  [[nodiscard]] int family() const { return storage_.ss_family; }

  [[nodiscard]] const sockaddr* raw() const;

  [[nodiscard]] socklen_t length() const { return length_; }

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string unix_path() const;

  // "127.0.0.1", "::1"; "" for unix sockets.
  [[nodiscard]] std::string host() const;
  // "127.0.0.1:8000", "[::1]:8000", "unix:/run/s.sock".
  [[nodiscard]] std::string ToString() const;

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = sizeof(storage_);
};

}  // namespace sqlicorn
