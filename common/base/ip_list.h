// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/socket_address.h"

namespace sqlicorn {

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

}  // namespace sqlicorn
