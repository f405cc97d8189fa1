// SPDX-License-Identifier: MIT
#include "common/config/bind_address.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

TEST(ParseBindAddress, ReadsEveryShape) {
  struct Case {
    const char* text;
    BindKind kind;
    const char* host;
    std::uint16_t port;
    const char* path;
  };

  const std::vector<Case> cases = {
      {"127.0.0.1:8000", BindKind::kIpv4, "127.0.0.1", 8000, ""},
      {"0.0.0.0:0", BindKind::kIpv4, "0.0.0.0", 0, ""},
      {"10.0.0.1", BindKind::kIpv4, "10.0.0.1", 8000, ""},
      {"localhost:65535", BindKind::kIpv4, "127.0.0.1", 65535, ""},
      {":80", BindKind::kIpv4, "0.0.0.0", 80, ""},
      {"[::1]:80", BindKind::kIpv6, "::1", 80, ""},
      {"[::]", BindKind::kIpv6, "::", 8000, ""},
      {"unix:/run/a.sock", BindKind::kUnix, "", 0, "/run/a.sock"},
      {"unix:a b:c", BindKind::kUnix, "", 0, "a b:c"},
      {"unix:///run/a.sock", BindKind::kUnix, "", 0, "/run/a.sock"},
      {"tcp://127.0.0.1:80", BindKind::kIpv4, "127.0.0.1", 80, ""},
      {"fd://3", BindKind::kFd, "", 0, ""},
  };
  for (const Case& c : cases) {
    const auto address = ParseBindAddress(c.text);
    ASSERT_TRUE(address.ok()) << address.error().message;
    EXPECT_EQ(address->kind, c.kind) << c.text;
    EXPECT_EQ(address->host, c.host) << c.text;
    EXPECT_EQ(address->port, c.port) << c.text;
    EXPECT_EQ(address->path, c.path) << c.text;
  }
}

TEST(ParseBindAddress, RefusesWhatIsNoAddress) {
  for (const std::string text :
       {"", "8000", "example.org:80", "::1:80", "[::1", "[]:80", "[127.0.0.1]:80", "127.0.0.1 :80",
        "1.2.3:80", "[::1]x:80", "http://127.0.0.1", "[::1]80", "127.0.0.1:80:90", "["}) {
    EXPECT_EQ(ErrorOf(ParseBindAddress(text)),
              "'" + text +
                  "' is not a bind address: write IP:PORT, [IPv6]:PORT, localhost:PORT, :PORT, "
                  "unix:PATH or fd://N");
  }
}

TEST(ParseBindAddress, ReadsTheNumberOfADescriptor) {
  EXPECT_EQ(ParseBindAddress("fd://0")->fd, 0);
  EXPECT_EQ(ParseBindAddress("fd://17")->fd, 17);
  for (const std::string text : {"fd://", "fd://x", "fd://-1", "fd://3 ", "fd://99999999999"}) {
    EXPECT_EQ(
        ErrorOf(ParseBindAddress(text)),
        "'" + text +
            "' is not a bind address: write fd://N, N being the number of an open descriptor");
  }
}

TEST(ParseBindAddress, RefusesPortsOutOfRange) {
  for (const std::string text :
       {"127.0.0.1:65536", ":-1", ":", "[::1]:", ":80x", "localhost:+80"}) {
    EXPECT_EQ(ErrorOf(ParseBindAddress(text)),
              "'" + text + "' is not a bind address: the port must be 0 to 65535");
  }
}

TEST(ParseBindAddress, RefusesSocketPathsTheKernelCannotHold) {
  EXPECT_TRUE(ParseBindAddress("unix:" + std::string(107, 'x')));
  for (const std::string& text : {std::string("unix:"), "unix:" + std::string(108, 'x')}) {
    EXPECT_EQ(ErrorOf(ParseBindAddress(text)),
              "'" + text + "' is not a bind address: the socket path must have 1 to 107 bytes");
  }
}

}  // namespace
}  // namespace sqlicorn
