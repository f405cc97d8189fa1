// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

// Whom to trust: IP addresses and networks.
class IpList {
 public:
  // Comma-separated: "127.0.0.1,::1", "10.0.0.0/8", "*" for everybody; "" for nobody. A network
  // with bits beside its mask is an error, as it is more likely a mistake.
  [[nodiscard]] static Result<IpList> Parse(std::string_view text);

  // IPv6 addresses that stand for IPv4 ones count as those. Whoever may open a unix socket is
  // trusted: permissions guard it.
  [[nodiscard]] bool Contains(const SocketAddress& peer) const;

 private:
  // IPv4 as ::ffff:a.b.c.d.
  using Octets = std::array<std::uint8_t, 16>;

  struct Network {
    Octets address{};
    unsigned bits = 0;
  };

  [[nodiscard]] static Result<Network> ParseNetwork(std::string_view text);
  [[nodiscard]] static Octets OctetsOf(const SocketAddress& address);
  [[nodiscard]] static bool Covers(const Network& network, const Octets& address);

  std::vector<Network> networks_;
};

// Whether the system refuses one socket when another one listens: the same port, and the same host
// or one that stands for all. Unix sockets overlap when they have the same path; a port that is
// left to the kernel overlaps with none.
[[nodiscard]] bool Overlap(const SocketAddress& a, const SocketAddress& b);

}  // namespace sqlicorn
