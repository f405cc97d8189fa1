// SPDX-License-Identifier: MIT
// What a proxy in front may say about its clients, seen in the access log.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/log_testing.h"
#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

class BehindAProxy : public testing::Test {
 protected:
  ServerProcess& Start(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(),
                     {"--access-logfile", access_path_, "--access-logformat",
                      "%(h)s %({wsgi.url_scheme}e)s %(s)s %(q)s", "--graceful-timeout", "1"});
    return site_.Start(arguments);
  }

  // Asks with these header lines; what the access log has for it.
  std::string Logged(RawClient& client, const std::string& headers) {
    const std::string mark = fmt::format("mark={}", ++asked_);
    client.Send(fmt::format("GET /count/?{} HTTP/1.1\r\nHost: h\r\n{}\r\n", mark, headers));
    status_ = client.ReadAnswer().status;
    return LineWith(mark);
  }

  std::string Logged(const std::string& headers) {
    RawClient client(site_.server().port());
    return Logged(client, headers);
  }

  // Up to the mark.
  std::string LineWith(const std::string& mark) {
    std::string found;
    EXPECT_TRUE(WaitFor([&] {
      for (const std::string& line : LinesOf(ContentOf(access_path_))) {
        found = line.ends_with(" " + mark) ? line.substr(0, line.size() - mark.size() - 1) : found;
      }
      return !found.empty();
    })) << mark;
    return found;
  }

  Site site_;
  std::string access_path_ = site_.dir().File("access.log");
  int asked_ = 0;
  int status_ = 0;
};

// Behaviour 61.
TEST_F(BehindAProxy, TheSchemeIsWhatATrustedProxySays) {
  Start();
  EXPECT_EQ(Logged(""), "127.0.0.1 http 200");
  EXPECT_EQ(Logged("X-Forwarded-Proto: https\r\n"), "127.0.0.1 https 200");
  EXPECT_EQ(Logged("X-Forwarded-Proto: http\r\n"), "127.0.0.1 http 200");
}

TEST_F(BehindAProxy, TheSchemeOfOneRequestIsNotThatOfTheNext) {
  RawClient client(Start().port());
  EXPECT_EQ(Logged(client, "X-Forwarded-Ssl: on\r\n"), "127.0.0.1 https 200");
  EXPECT_EQ(Logged(client, ""), "127.0.0.1 http 200");
}

TEST_F(BehindAProxy, ContradictorySchemesAreRefusedAndTheConnectionClosed) {
  RawClient client(Start().port());
  EXPECT_EQ(Logged(client, "X-Forwarded-Ssl: on\r\nX-Forwarded-Proto: http\r\n"),
            "127.0.0.1 http 400");
  EXPECT_EQ(status_, 400);
  static_cast<void>(client.ReadToEnd());
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(site_.server().LogHas("Contradictory scheme headers"));
}

TEST_F(BehindAProxy, AStrangerSaysNothingAboutTheScheme) {
  Start({"--forwarded-allow-ips", "192.0.2.0/24"});
  EXPECT_EQ(Logged("X-Forwarded-Proto: https\r\n"), "127.0.0.1 http 200");
  EXPECT_EQ(Logged("X-Forwarded-Ssl: on\r\nX-Forwarded-Proto: http\r\n"), "127.0.0.1 http 200");
}

// Behaviour 65.
TEST_F(BehindAProxy, ThePROXYHeaderNamesTheClientOfAllRequests) {
  RawClient client(Start({"--proxy-protocol", "auto"}).port());
  client.Send("PROXY TCP4 192.0.2.9 127.0.0.1 5000 80\r\n");
  EXPECT_EQ(Logged(client, ""), "192.0.2.9 http 200");
  EXPECT_EQ(Logged(client, ""), "192.0.2.9 http 200");
}

TEST_F(BehindAProxy, ThePROXYHeaderMayComeInPieces) {
  using std::string_literals::operator""s;
  RawClient client(Start({"--proxy-protocol", "v2"}).port());
  const std::string header =
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x07\x7f\x00\x00\x01\x30\x39\x1f\x40"s;
  for (const char octet : header) {
    client.Send(std::string(1, octet));
  }
  EXPECT_EQ(Logged(client, ""), "192.0.2.7 http 200");
}

TEST_F(BehindAProxy, WithoutAPROXYHeaderTheClientIsWhoeverConnects) {
  Start({"--proxy-protocol", "auto"});
  EXPECT_EQ(Logged(""), "127.0.0.1 http 200");
}

TEST_F(BehindAProxy, AStrangerMaySendNoPROXYHeader) {
  RawClient client(
      Start({"--proxy-protocol", "auto", "--proxy-allow-from", "192.0.2.0/24"}).port());
  const HttpAnswer answer =
      client.Ask("PROXY TCP4 192.0.2.9 127.0.0.1 5000 80\r\n" + Get("/count/?secret=1"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(site_.server().LogHas("Proxy request from '127.0.0.1' not allowed"));
}

TEST_F(BehindAProxy, AMalformedPROXYHeaderIsRefused) {
  RawClient client(Start({"--proxy-protocol", "auto"}).port());
  EXPECT_EQ(client.Ask("PROXY TCP4 nonsense\r\n" + Get("/count/")).status, 400);
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(BehindAProxy, OnAUnixSocketItNamesTheClientOfEachRequest) {
  Start({"-b", "unix:" + site_.dir().File("s.sock")});
  RawClient client(SocketAddress::Unix(site_.dir().File("s.sock")).value());
  EXPECT_EQ(Logged(client, "X-Forwarded-For: 192.0.2.9\r\n"), "192.0.2.9 http 200");
  EXPECT_EQ(Logged(client, ""), "- http 200");
  EXPECT_EQ(Logged(client, "X-Forwarded-For: 192.0.2.9\r\nHost: second\r\n"), "192.0.2.9 http 400");
  EXPECT_TRUE(site_.server().LogHas("Invalid request from ip=192.0.2.9: ")) << site_.server().log();
}

TEST_F(BehindAProxy, OnTcpTheLineNamesTheProxy) {
  Start();
  EXPECT_EQ(Logged("X-Forwarded-For: 192.0.2.9\r\n"), "127.0.0.1 http 200");
}

TEST_F(BehindAProxy, HeaderNamesWithAnUnderscoreCanBeRefused) {
  Start({"--header-map", "refuse"});
  static_cast<void>(Logged("X-Fine: 1\r\n"));
  EXPECT_EQ(status_, 200);
  EXPECT_EQ(RawClient(site_.server().port())
                .Ask("GET /count/ HTTP/1.1\r\nHost: h\r\nX_Bad: 1\r\n\r\n")
                .status,
            400);
}

}  // namespace
}  // namespace sqlicorn
