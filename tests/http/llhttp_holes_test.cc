// SPDX-License-Identifier: MIT
// Why the guards exist: each input here is taken by llhttp 8.1.0 in strict mode and refused by
// RequestParser. When a row fails after an upgrade of llhttp, its guard has become a second
// opinion.
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <llhttp.h>

#include "common/http/request_parser.h"

namespace sqlicorn {
namespace {

struct Hole {
  std::string name;
  std::string octets;
};

std::ostream& operator<<(std::ostream& out, const Hole& hole) {
  return out << hole.name;
}

const std::string kHost = "Host: a\r\n";

std::vector<Hole> Holes() {
  const std::string line = "GET / HTTP/1.1\r\n";
  const std::string chunked = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"MissingHost", line + "\r\n"},
      {"DuplicateHost", line + kHost + kHost + "\r\n"},
      {"BadHost", line + "Host: u@a/b\r\n\r\n"},
      {"AsteriskWithGet", "GET * HTTP/1.1\r\n" + kHost + "\r\n"},
      {"Http2InRequestLine", "GET / HTTP/2.0\r\n" + kHost + "\r\n"},
      {"Http09InRequestLine", "GET / HTTP/0.9\r\n" + kHost + "\r\n"},
      {"Rtsp", "OPTIONS / RTSP/1.0\r\n" + kHost + "\r\n"},
      {"Ice", "SOURCE / ICE/1.0\r\n" + kHost + "\r\n"},
      {"EmptyLinesFirst", "\r\n\r\n" + line + kHost + "\r\n"},
      {"TwoSpaces", "GET  / HTTP/1.1\r\n" + kHost + "\r\n"},
      {"LongTarget", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n"},
      {"LongField", line + kHost + "A: " + std::string(9000, 'a') + "\r\n\r\n"},
      {"EmptyName", line + kHost + ": b\r\n\r\n"},
      {"FoldedField", line + kHost + "A: b\r\n c\r\n\r\n"},
      {"LongExtension", chunked + "0;a=" + std::string(20000, 'b') + "\r\n\r\n"},
      {"ForbiddenTrailer", chunked + "0\r\nContent-Length: 5\r\n\r\n"},
      {"TwoContentTypes", line + kHost + "Content-Type: a\r\nContent-Type: b\r\n\r\n"},
      {"LineFeedInRequestLine", "GET / HTTP/1.1\n" + kHost + "\r\n"},
      {"LineFeedAtEnd", line + kHost + "\n"},
      {"ChunkedOn10",
       "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"GzipChunked",
       "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"Connect", "CONNECT a:80 HTTP/1.1\r\n" + kHost + "\r\n"},
      {"Fragment", "GET /#a HTTP/1.1\r\n" + kHost + "\r\n"},
  };
}

llhttp_errno_t BareVerdict(const std::string& octets) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &settings);
  const llhttp_errno_t error = llhttp_execute(&parser, octets.data(), octets.size());
  return error == HPE_PAUSED_UPGRADE ? HPE_OK : error;
}

class LlhttpHole : public testing::TestWithParam<Hole> {};

TEST_P(LlhttpHole, IsOpenInVersion8) {
  if (LLHTTP_VERSION_MAJOR > 8) {
    GTEST_SKIP() << "the linked llhttp may have closed it";
  }
  EXPECT_EQ(BareVerdict(GetParam().octets), HPE_OK);
}

TEST_P(LlhttpHole, IsClosedByTheParser) {
  RequestParser parser({});
  std::size_t consumed = 0;
  EXPECT_EQ(parser.Execute(GetParam().octets, &consumed), Feed::kError);
}

INSTANTIATE_TEST_SUITE_P(All, LlhttpHole, testing::ValuesIn(Holes()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace sqlicorn
