// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

SocketAddress At(const std::string& host, std::uint16_t port) {
  return host.starts_with('/') ? SocketAddress::Unix(host).value()
                               : SocketAddress::Ip(host, port).value();
}

TEST(AddressOverlap, IsTheSamePortOfTheSameHostOrOfAll) {
  const struct {
    const char* a;
    std::uint16_t a_port;
    const char* b;
    std::uint16_t b_port;
    bool overlap;
  } cases[] = {
      {"127.0.0.1", 80, "127.0.0.1", 80, true},
      {"127.0.0.1", 80, "127.0.0.1", 81, false},
      {"127.0.0.1", 80, "127.0.0.2", 80, false},
      {"127.0.0.1", 80, "0.0.0.0", 80, true},
      {"0.0.0.0", 0, "0.0.0.0", 0, false},
      {"::1", 80, "::", 80, true},
      {"::1", 80, "::1", 80, true},
      {"::1", 80, "127.0.0.1", 80, false},
      {"::1", 80, "0.0.0.0", 80, false},
      {"/s", 0, "/s", 0, true},
      {"/s", 0, "/t", 0, false},
      {"/s", 0, "0.0.0.0", 80, false},
  };

  for (const auto& c : cases) {
    const SocketAddress a = At(c.a, c.a_port);
    const SocketAddress b = At(c.b, c.b_port);
    EXPECT_EQ(Overlap(a, b), c.overlap) << a.ToString() << ' ' << b.ToString();
    EXPECT_EQ(Overlap(b, a), c.overlap) << b.ToString() << ' ' << a.ToString();
  }
}

TEST(AddressOverlap, OfAllIpv6WithIpv4IsAsTheSystemSays) {
  const auto ipv6_only = ReadFile("/proc/sys/net/ipv6/bindv6only");
  const bool expected = !ipv6_only || ipv6_only->front() == '0';
  EXPECT_EQ(Overlap(At("::", 80), At("127.0.0.1", 80)), expected);
  EXPECT_EQ(Overlap(At("0.0.0.0", 80), At("::", 80)), expected);
}

}  // namespace
}  // namespace sqlicorn
