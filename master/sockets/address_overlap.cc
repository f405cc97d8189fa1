// SPDX-License-Identifier: MIT
#include "master/sockets/address_overlap.h"

#include <string>

#include "common/base/file.h"

namespace sqlicorn {
namespace {

bool IsAny(const SocketAddress& address) {
  return address.host() == "0.0.0.0" || address.host() == "::";
}

// An IPv6 socket for all addresses takes IPv4 too, unless the system says otherwise (ipv6(7)).
bool TakesIpv4(const SocketAddress& address) {
  const auto ipv6_only = ReadFile("/proc/sys/net/ipv6/bindv6only");
  return address.family() == AF_INET6 && IsAny(address) &&
         !(ipv6_only && ipv6_only->starts_with('1'));
}

}  // namespace

bool Overlap(const SocketAddress& a, const SocketAddress& b) {
  if (a.family() == AF_UNIX || b.family() == AF_UNIX) {
    return a.family() == b.family() && a.unix_path() == b.unix_path();
  }
  if (a.port() != b.port() || a.port() == 0) {
    return false;
  }
  if (a.family() != b.family()) {
    return TakesIpv4(a) || TakesIpv4(b);
  }
  return IsAny(a) || IsAny(b) || a.host() == b.host();
}

}  // namespace sqlicorn
