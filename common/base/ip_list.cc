// SPDX-License-Identifier: MIT
#include "common/base/ip_list.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "common/base/parse_whole.h"

namespace sqlicorn {
namespace {

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

}  // namespace

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

}  // namespace sqlicorn
