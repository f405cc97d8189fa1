// SPDX-License-Identifier: MIT
#include "worker/http/proxy_rules.h"

#include <gtest/gtest.h>

#include "common/http/parser.h"

namespace sqlicorn {
namespace {

SocketAddress Peer(const char* host) {
  return SocketAddress::Ip(host, 1).value();
}

Scheme SchemeOf(const ServerSettings& settings, const std::string& fields) {
  RequestParser parser({});
  std::size_t consumed = 0;
  const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  EXPECT_EQ(parser.Execute(request, &consumed), Feed::kMessage);
  return ProxyRules(settings).SchemeOf(parser.message());
}

TEST(ProxyRules, ReadTheSchemeFromTheListedHeaders) {
  const struct {
    const char* fields;
    Scheme scheme;
  } cases[] = {
      {"", Scheme::kHttp},
      {"X-Forwarded-Proto: https\r\n", Scheme::kHttps},
      {"x-forwarded-PROTO: https\r\n", Scheme::kHttps},
      {"X-Forwarded-Proto: HTTPS\r\n", Scheme::kHttp},
      {"X-Forwarded-Proto: http\r\n", Scheme::kHttp},
      {"X-Forwarded-Ssl: on\r\nX-Forwarded-Protocol: ssl\r\n", Scheme::kHttps},
      {"X-Forwarded-Ssl: on\r\nX-Forwarded-Proto: http\r\n", Scheme::kContradictory},
      {"X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n", Scheme::kContradictory},
      {"X-Other: https\r\n", Scheme::kHttp},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(SchemeOf({}, c.fields), c.scheme) << c.fields;
  }
}

TEST(ProxyRules, ReadOnlyTheHeadersThatTheSettingsName) {
  ServerSettings settings;
  settings.secure_scheme_headers = {"Front=a=b"};
  EXPECT_EQ(SchemeOf(settings, "Front: a=b\r\n"), Scheme::kHttps);
  EXPECT_EQ(SchemeOf(settings, "X-Forwarded-Proto: https\r\n"), Scheme::kHttp);
}

TEST(ProxyRules, TakeTheClientOfAUnixSocketFromTheLastAddressThatTheProxyAdded) {
  const struct {
    const char* fields;
    const char* client;
  } cases[] = {
      {"", ""},
      {"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"X-FORWARDED-for: 2001:db8::1\r\n", "2001:db8::1"},
      {"X-Forwarded-For: 203.0.113.7, 192.0.2.1 \r\n", "192.0.2.1"},
      {"X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"X-Forwarded-For: 192.0.2.1,\r\n", ""},
      {"X-Forwarded-For: 192.0.2.1, unknown\r\n", ""},
      {"X-Forwarded-For: 192.0.2.1 - - [forged]\r\n", ""},
      {"X-Forwarded-For: 1.2.3\r\n", ""},
      {"X-Forwarded-For: 1111111111111111111111111111111111111111111111\r\n", ""},
  };

  for (const auto& c : cases) {
    const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n" + std::string(c.fields) + "\r\n";
    RequestParser parser({});
    std::size_t consumed = 0;
    EXPECT_EQ(parser.Execute(request, &consumed), Feed::kMessage);
    EXPECT_EQ(ProxyRules::ClientOf(parser.message()), c.client) << c.fields;
  }
}

TEST(ProxyRules, TrustEachListForItsOwn) {
  ServerSettings settings;
  settings.forwarded_allow_ips = "10.0.0.0/8";
  settings.proxy_allow_ips = "*";
  const ProxyRules rules(settings);
  EXPECT_TRUE(rules.TrustsSchemeOf(Peer("10.1.2.3")));
  EXPECT_FALSE(rules.TrustsSchemeOf(Peer("127.0.0.1")));
  EXPECT_TRUE(rules.TrustsProxyHeaderOf(Peer("192.0.2.1")));
}

TEST(ProxyRules, KnowTheVersionsOfTheProxyHeader) {
  ServerSettings settings;
  EXPECT_EQ(ProxyRules(settings).protocol(), ProxyProtocol::kOff);
  settings.proxy_protocol = "v1";
  EXPECT_EQ(ProxyRules(settings).protocol(), ProxyProtocol::kV1);
  settings.proxy_protocol = "v2";
  EXPECT_EQ(ProxyRules(settings).protocol(), ProxyProtocol::kV2);
  settings.proxy_protocol = "auto";
  EXPECT_EQ(ProxyRules(settings).protocol(), ProxyProtocol::kAuto);
}

}  // namespace
}  // namespace sqlicorn
