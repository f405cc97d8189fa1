// SPDX-License-Identifier: MIT
#include "common/base/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>

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

}  // namespace sqlicorn
