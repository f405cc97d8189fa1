// SPDX-License-Identifier: MIT
#include "common/base/socket_address.h"

#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"

namespace sqlicorn {
namespace {

bool Trusts(const char* list, const char* peer) {
  return IpList::Parse(list).value().Contains(SocketAddress::Ip(peer, 1234).value());
}

TEST(IpList, ContainsItsAddressesAndNetworks) {
  const struct {
    const char* list;
    const char* peer;
    bool trusted;
  } cases[] = {
      {"127.0.0.1,::1", "127.0.0.1", true},
      {"127.0.0.1, ::1", "::1", true},
      {"127.0.0.1,::1", "127.0.0.2", false},
      {"127.0.0.1", "::ffff:127.0.0.1", true},
      {"10.0.0.0/8", "10.255.3.4", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.0.0.0/9", "10.127.255.255", true},
      {"10.0.0.0/9", "10.128.0.0", false},
      {"192.0.2.7/32", "192.0.2.7", true},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"0.0.0.0/0", "1.2.3.4", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"*", "1.2.3.4", true},
      {"*", "2001:db8::1", true},
      {"", "127.0.0.1", false},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(Trusts(c.list, c.peer), c.trusted) << c.list << ' ' << c.peer;
  }
}

TEST(IpList, TrustsWhoeverMayOpenAUnixSocket) {
  EXPECT_TRUE(IpList::Parse("").value().Contains(SocketAddress::Unix("/x").value()));
}

TEST(IpList, RefusesWhatIsNoAddress) {
  for (const char* text : {"x", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::/129", "::/-1", ",",
                           "1.2.3.4,,", "1.2.3.4/8x"}) {
    const auto list = IpList::Parse(text);
    ASSERT_FALSE(list.ok()) << text;
    EXPECT_NE(list.error().message.find("is no IP address or network"), std::string::npos) << text;
  }
  EXPECT_EQ(IpList::Parse("192.168.1.1/24").error().message,
            "'192.168.1.1/24' has bits set behind its mask");
}

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
