// SPDX-License-Identifier: MIT
#include "loadgen/scenario/server_url.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

struct Case {
  std::string text;
  std::string unix_path;
  std::string authority;
  std::string target;
};

TEST(ServerUrl, IsAtAnAddressOrASocket) {
  const std::vector<Case> cases = {
      {"http://127.0.0.1:8000/", "", "127.0.0.1:8000", "/"},
      {"http://[::1]:80/x", "", "[::1]:80", "/x"},
      {"localhost:8000", "", "localhost:8000", "/"},
      {"127.0.0.1:8000/x?a=://", "", "127.0.0.1:8000", "/x?a=://"},
      {"[::1]:80", "", "[::1]:80", "/"},
      {"unix:/run/s.sock", "/run/s.sock", "localhost", "/"},
      {"unix:///run/s.sock", "/run/s.sock", "localhost", "/"},
      {"http+unix://%2Frun%2Fs.sock", "/run/s.sock", "localhost", "/"},
      {"http+unix://%2Frun%2Fs.sock/base/?a=1", "/run/s.sock", "localhost", "/base/?a=1"},
  };
  for (const Case& c : cases) {
    const Result<ServerUrl> server = ParseServerUrl(c.text);
    ASSERT_TRUE(server.ok()) << c.text;
    EXPECT_EQ(server.value().unix_path, c.unix_path) << c.text;
    EXPECT_EQ(server.value().url.authority, c.authority) << c.text;
    EXPECT_EQ(server.value().url.target, c.target) << c.text;
  }
}

TEST(ServerUrl, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "localhost", "localhost:", "[::1]", "localhost:http", "ftp://x:1",
                           "https://x", "unix:", "unix:s.sock", "http+unix://",
                           "http+unix://s.sock", "http+unix://%2", "http+unix://%2Fs/a b"}) {
    EXPECT_FALSE(ParseServerUrl(text).ok()) << text;
  }
}

TEST(ServerUrl, SaysWhatIsWrongWithTheAddress) {
  const std::pair<const char*, const char*> rows[] = {
      {"http://[::1", "'http://[::1': the '[' of the address has no ']'"},
      {"http://[::1/x", "'http://[::1/x': the '[' of the address has no ']'"},
      {"http://[::1]8000", "'http://[::1]8000': behind ']' only :PORT may stand"},
      {"http://::1:8000",
       "'http://::1:8000': an IPv6 address stands in brackets, as in "
       "http://[::1]:8000"},
      {"http://h:0", "'http://h:0': the port is not a number from 1 to 65535"},
      {"http://user:secret@h:1/",
       "'http://...@h:1': a user's name and password are not taken from a URL: leave them out, "
       "and give the header Authorization"}};
  for (const auto& [text, complaint] : rows) {
    EXPECT_EQ(ParseServerUrl(text).error().message, complaint);
  }
}

TEST(ServerUrl, SaysWhyHttpsIsRefused) {
  EXPECT_EQ(ParseServerUrl("https://x:8443/").error().message,
            "'https://x:8443/': TLS is not spoken here; test the server behind it at its http:// "
            "address");
}

}  // namespace
}  // namespace sqlicorn::loadgen
