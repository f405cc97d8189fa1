// SPDX-License-Identifier: MIT
#include "common/base/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/numbers.h"

namespace sqlicorn {
namespace {

template <typename T>
T* As(sockaddr_storage& storage) {
  return reinterpret_cast<T*>(&storage);
}

template <typename T>
const T* As(const sockaddr_storage& storage) {
  return reinterpret_cast<const T*>(&storage);
}

constexpr unsigned kAllBits = 128;
constexpr unsigned kMappedBits = 96;  // of ::ffff:0:0/96

std::string_view TakeItem(std::string_view& list) {
  const std::size_t comma = std::min(list.find(','), list.size());
  std::string_view item = list.substr(0, comma);
  list.remove_prefix(std::min(comma + 1, list.size()));
  item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
  return item.substr(0, item.find_last_not_of(' ') + 1);
}

Error NoNetwork(std::string_view text) {
  return Error{fmt::format(
      "'{}' is no IP address or network: write 192.0.2.1, 10.0.0.0/8, ::1 or * for all", text)};
}

// Of octet `index`, the bits that belong to a network of `bits` bits.
std::uint8_t MaskAt(std::size_t index, unsigned bits) {
  const auto before = static_cast<unsigned>(index * 8);
  const unsigned here = bits <= before ? 0 : std::min(bits - before, 8U);
  return static_cast<std::uint8_t>(0xff00U >> here);
}

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

Result<SocketAddress> SocketAddress::Ip(const std::string& host, std::uint16_t port) {
  SocketAddress address;
  auto* v4 = As<sockaddr_in>(address.storage_);
  auto* v6 = As<sockaddr_in6>(address.storage_);
  std::string literal = host.empty() ? "0.0.0.0" : host;
  if (literal == "localhost") {
    literal = "127.0.0.1";
  }
  if (inet_pton(AF_INET, literal.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.length_ = sizeof(sockaddr_in);
    return address;
  }
  if (inet_pton(AF_INET6, literal.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.length_ = sizeof(sockaddr_in6);
    return address;
  }
  return Error{fmt::format("'{}' is not an IP address (names are not resolved)", host)};
}

Result<SocketAddress> SocketAddress::Unix(const std::string& path) {
  SocketAddress address;
  auto* un = As<sockaddr_un>(address.storage_);
  if (path.empty() || path.size() >= sizeof(un->sun_path)) {
    return Error{fmt::format("a unix socket path must have 1 to {} bytes: '{}'",
                             sizeof(un->sun_path) - 1, path)};
  }
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.c_str(), path.size() + 1);
  address.length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

SocketAddress SocketAddress::PeerOf(int fd) {
  SocketAddress address;
  getpeername(fd, As<sockaddr>(address.storage_), &address.length_);
  return address;
}

SocketAddress SocketAddress::LocalOf(int fd) {
  SocketAddress address;
  getsockname(fd, As<sockaddr>(address.storage_), &address.length_);
  return address;
}

const sockaddr* SocketAddress::raw() const {
  return As<sockaddr>(storage_);
}

std::uint16_t SocketAddress::port() const {
  switch (family()) {
    case AF_INET:
      return ntohs(As<sockaddr_in>(storage_)->sin_port);
    case AF_INET6:
      return ntohs(As<sockaddr_in6>(storage_)->sin6_port);
    default:
      return 0;
  }
}

std::string SocketAddress::unix_path() const {
  if (family() != AF_UNIX || length_ <= offsetof(sockaddr_un, sun_path)) {
    return "";
  }
  return As<sockaddr_un>(storage_)->sun_path;
}

std::string SocketAddress::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &As<sockaddr_in>(storage_)->sin_addr, text.data(), text.size());
  } else if (family() == AF_INET6) {
    inet_ntop(AF_INET6, &As<sockaddr_in6>(storage_)->sin6_addr, text.data(), text.size());
  }
  return text.data();
}

std::string SocketAddress::ToString() const {
  switch (family()) {
    case AF_INET:
      return fmt::format("{}:{}", host(), port());
    case AF_INET6:
      return fmt::format("[{}]:{}", host(), port());
    default:
      return "unix:" + unix_path();
  }
}

Result<IpList> IpList::Parse(std::string_view text) {
  IpList list;
  while (!text.empty()) {
    const std::string_view item = TakeItem(text);
    auto network = ParseNetwork(item);
    if (!network) {
      return network.error();
    }
    list.networks_.push_back(*network);
  }
  return list;
}

Result<IpList::Network> IpList::ParseNetwork(std::string_view text) {
  if (text == "*") {
    return Network{};
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = SocketAddress::Ip(std::string(text.substr(0, slash)), 0);
  if (!address || text.empty()) {
    return NoNetwork(text);
  }
  Network network{OctetsOf(*address), kAllBits};
  if (slash < text.size()) {
    const unsigned offset = address->family() == AF_INET ? kMappedBits : 0;
    const auto bits = ParseWhole<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > kAllBits - offset) {
      return NoNetwork(text);
    }
    network.bits = *bits + offset;
  }
  for (std::size_t i = 0; i < network.address.size(); ++i) {
    if ((network.address[i] & ~MaskAt(i, network.bits)) != 0) {
      return Error{fmt::format("'{}' has bits set behind its mask", text)};
    }
  }
  return network;
}

bool IpList::Contains(const SocketAddress& peer) const {
  if (peer.family() == AF_UNIX) {
    return true;
  }
  const Octets address = OctetsOf(peer);
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return Covers(network, address); });
}

IpList::Octets IpList::OctetsOf(const SocketAddress& address) {
  Octets octets{};
  if (address.family() == AF_INET) {
    octets[10] = octets[11] = 0xff;
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.raw());
    std::memcpy(octets.data() + 12, &v4->sin_addr, 4);
  } else {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address.raw());
    std::memcpy(octets.data(), &v6->sin6_addr, octets.size());
  }
  return octets;
}

bool IpList::Covers(const Network& network, const Octets& address) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (((network.address[i] ^ address[i]) & MaskAt(i, network.bits)) != 0) {
      return false;
    }
  }
  return true;
}

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
