// SPDX-License-Identifier: MIT
#include "worker/http/proxy_rules.h"

#include <gtest/gtest.h>

#include "common/http/request_parser.h"

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
  EXPECT_EQ(rules.ReadPreface("GET ", Peer("192.0.2.1")).kind, Preface::Kind::kOver);
}

using enum Preface::Kind;

struct PrefaceRow {
  const char* protocol;
  std::string octets;
  Preface expected;
};

constexpr const char* kV1 = "PROXY TCP4 192.0.2.7 10.0.0.2 5 80\r\n";
constexpr std::size_t kV1Size = 36;

// From a proxy at 10.0.0.1, of those that are trusted.
TEST(ProxyRules, DecideWhatComesInFrontOfTheFirstRequest) {
  const std::string v2_local("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16);
  const PrefaceRow rows[] = {
      {"v1", "", {}},
      {"v1", "PRO", {}},
      {"v1", kV1, {.kind = kOver, .size = kV1Size, .client = "192.0.2.7"}},
      {"v1", std::string(kV1) + "GET", {.kind = kOver, .size = kV1Size, .client = "192.0.2.7"}},
      {"v1", "GET / HTTP/1.1\r\n", {.kind = kOver}},
      {"v1", "PROXY NONSENSE\r\n", {.kind = kRefused, .status = 400}},
      {"v2", v2_local, {.kind = kOver, .size = 16}},
      {"auto", v2_local, {.kind = kOver, .size = 16}},
      {"auto", kV1, {.kind = kOver, .size = kV1Size, .client = "192.0.2.7"}},
  };
  for (const PrefaceRow& row : rows) {
    ServerSettings settings;
    settings.proxy_protocol = row.protocol;
    settings.proxy_allow_ips = "10.0.0.1";
    const Preface preface = ProxyRules(settings).ReadPreface(row.octets, Peer("10.0.0.1"));
    EXPECT_EQ(preface.kind, row.expected.kind) << row.protocol << ' ' << row.octets;
    EXPECT_EQ(preface.size, row.expected.size) << row.octets;
    EXPECT_EQ(preface.client, row.expected.client) << row.octets;
    EXPECT_EQ(preface.status, row.expected.status) << row.octets;
    EXPECT_EQ(preface.complaint.empty(), row.expected.status == 0) << row.octets;
  }
}

TEST(ProxyRules, RefuseAHeaderOfWhoIsNotTrusted) {
  ServerSettings settings;
  settings.proxy_protocol = "v1";
  settings.proxy_allow_ips = "10.0.0.1";
  const Preface preface = ProxyRules(settings).ReadPreface(kV1, Peer("192.0.2.1"));
  EXPECT_EQ(preface.kind, kRefused);
  EXPECT_EQ(preface.status, 403);
  EXPECT_EQ(preface.complaint, "Proxy request from '192.0.2.1' not allowed");
}

TEST(ProxyRules, ExpectAPrefaceWhereTheSettingsSaySo) {
  ServerSettings settings;
  EXPECT_FALSE(ProxyRules(settings).expect_preface());
  for (const char* protocol : {"v1", "v2", "auto"}) {
    settings.proxy_protocol = protocol;
    EXPECT_TRUE(ProxyRules(settings).expect_preface()) << protocol;
  }
}

}  // namespace
}  // namespace sqlicorn
