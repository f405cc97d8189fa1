// SPDX-License-Identifier: MIT
#include "common/http/proxy_header.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using Kind = ProxyHeader::Kind;
using std::string_literals::operator""s;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string kFromV4 =
    kSignature + "\x21\x11\x00\x0c\xc0\x00\x02\x01\x7f\x00\x00\x01"s + "\x30\x39\x1f\x40"s;

std::string FromV6() {
  return kSignature + "\x21\x21\x00\x24"s + "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01"s +
         std::string(15, '\0') + "\x01"s + "\x30\x39\x1f\x40"s;
}

ProxyHeader Read(const std::string& octets) {
  return ReadProxyHeader(octets, ProxyProtocol::kAuto);
}

TEST(ProxyHeader, NamesTheClient) {
  const struct {
    std::string header;
    std::string client;
  } cases[] = {
      {"PROXY TCP4 192.0.2.1 127.0.0.1 12345 8000\r\n", "192.0.2.1"},
      {"PROXY TCP6 2001:db8::1 ::1 12345 8000\r\n", "2001:db8::1"},
      {"PROXY UNKNOWN\r\n", ""},
      {"PROXY UNKNOWN ffff::1 nonsense\r\n", ""},
      {kFromV4, "192.0.2.1"},
      {FromV6(), "2001:db8::1"},
      {kSignature + "\x20\x00\x00\x00"s, ""},          // LOCAL
      {kSignature + "\x21\x00\x00\x03"s + "abc", ""},  // unspecified, with a TLV
      {kFromV4.substr(0, 15) + "\x0f" + kFromV4.substr(16) + "abc", "192.0.2.1"},
  };

  for (const auto& c : cases) {
    const ProxyHeader header = Read(c.header + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(header.kind, Kind::kPresent) << c.header;
    EXPECT_EQ(header.size, c.header.size());
    EXPECT_EQ(header.client, c.client);
  }
}

TEST(ProxyHeader, WaitsUntilItIsComplete) {
  for (const std::string& whole : {"PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n"s, kFromV4, FromV6()}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(Read(whole.substr(0, size)).kind, Kind::kUndecided) << size;
    }
    EXPECT_EQ(Read(whole).kind, Kind::kPresent);
  }
}

TEST(ProxyHeader, IsAbsentBeforeAnOrdinaryRequest) {
  for (const char* octets : {"G", "GET / HTTP/1.1\r\n", "POST", "PROXX", "\r\nGET"}) {
    EXPECT_EQ(Read(octets).kind, Kind::kAbsent) << octets;
  }
  EXPECT_EQ(Read("P").kind, Kind::kUndecided);
}

TEST(ProxyHeader, IsReadOnlyInTheVersionsAccepted) {
  const std::string text = "PROXY UNKNOWN\r\n";
  EXPECT_EQ(ReadProxyHeader(text, ProxyProtocol::kV1).kind, Kind::kPresent);
  EXPECT_EQ(ReadProxyHeader(text, ProxyProtocol::kV2).kind, Kind::kAbsent);
  EXPECT_EQ(ReadProxyHeader(kFromV4, ProxyProtocol::kV2).kind, Kind::kPresent);
  EXPECT_EQ(ReadProxyHeader(kFromV4, ProxyProtocol::kV1).kind, Kind::kAbsent);
  EXPECT_EQ(ReadProxyHeader(text, ProxyProtocol::kOff).kind, Kind::kAbsent);
}

TEST(ProxyHeader, RefusesWhatIsMalformed) {
  const std::string cases[] = {
      "PROXY \r\n",
      "PROXY TCP4\r\n",
      "PROXY TCP5 192.0.2.1 127.0.0.1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 127.0.0.1 1\r\n",
      "PROXY TCP4 192.0.2.1 127.0.0.1 1 2 3\r\n",
      "PROXY TCP4  192.0.2.1 127.0.0.1 1 2\r\n",
      "PROXY TCP4 192.0.2 127.0.0.1 1 2\r\n",
      "PROXY TCP4 ::1 127.0.0.1 1 2\r\n",
      "PROXY TCP6 192.0.2.1 ::1 1 2\r\n",
      "PROXY TCP4 192.0.2.1 127.0.0.1 1 65536\r\n",
      "PROXY TCP4 192.0.2.1 127.0.0.1 -1 2\r\n",
      "PROXY TCP4 192.0.2.1 127.0.0.1 1 \r\n",
      "PROXY " + std::string(101, 'x'),
      "PROXY UNKNOWN " + std::string(92, 'x') + "\r\n",
      kSignature + "\x31\x11\x00\x00"s,                         // version 3
      kSignature + "\x22\x11\x00\x00"s,                         // no such command
      kSignature + "\x21\x12\x00\x0c"s + std::string(12, 'x'),  // a datagram
      kSignature + "\x21\x31\x00\x0c"s + std::string(12, 'x'),  // no IP
      kSignature + "\x21\x11\x00\x0b"s + std::string(11, 'x'),  // too short for its family
      kSignature + "\x21\x21\x00\x0c"s + std::string(12, 'x'),
  };
  for (const std::string& octets : cases) {
    const ProxyHeader header = Read(octets);
    EXPECT_EQ(header.kind, Kind::kMalformed) << octets;
    EXPECT_TRUE(header.complaint.starts_with("Invalid PROXY ")) << header.complaint;
  }
}

}  // namespace
}  // namespace sqlicorn
