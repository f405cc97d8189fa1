// SPDX-License-Identifier: MIT
#include "loadgen/run/resolve_host.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

// An address whose scope cannot be written as a plain literal is left out.
void AppendAddress(const addrinfo& found, std::uint16_t port, std::vector<SocketAddress>* out) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(), nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return;
  }
  if (const Result<SocketAddress> address = SocketAddress::Ip(text.data(), port)) {
    out->push_back(*address);
  }
}

}  // namespace

Result<std::vector<SocketAddress>> ResolveHost(const std::string& host, std::uint16_t port) {
  std::vector<SocketAddress> addresses;
  if (host == "localhost") {
    for (const char* loopback : {"127.0.0.1", "::1"}) {
      addresses.push_back(SocketAddress::Ip(loopback, port).value());
    }
    return addresses;
  }
  // libuv's own resolver is left alone: before 1.48 it cuts long names off (CVE-2024-24806).
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
  if (error != 0) {
    return Error{fmt::format("cannot resolve '{}': {}", host, gai_strerror(error))};
  }
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    AppendAddress(*found, port, &addresses);
  }
  if (addresses.empty()) {
    return Error{fmt::format("'{}' has no IPv4 or IPv6 address", host)};
  }
  return addresses;
}

Result<std::vector<SocketAddress>> ResolveServer(const ServerUrl& server) {
  if (server.unix_path.empty()) {
    return ResolveHost(server.url.address, server.url.port);
  }
  const Result<SocketAddress> address = SocketAddress::Unix(server.unix_path);
  if (!address) {
    return address.error();
  }
  return std::vector<SocketAddress>{*address};
}

}  // namespace sqlicorn::loadgen
