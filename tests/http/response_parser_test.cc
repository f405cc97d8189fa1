// SPDX-License-Identifier: MIT
#include "common/http/response_parser.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct Row {
  const char* name;
  std::string octets;
  Feed at_end;  // after the octets and, unless they made a message, the end of input
  std::string body;
  bool keep_alive = true;
  const char* method = "GET";
};

std::vector<Row> Rows() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"Length", ok + "Content-Length: 2\r\n\r\nOK", Feed::kMessage, "OK"},
      {"LengthThenTab", ok + "Content-Length: 2\t\r\n\r\nOK", Feed::kMessage, "OK"},
      {"LengthZero", ok + "Content-Length: 0\r\n\r\n", Feed::kMessage, ""},
      {"Chunked", chunked + "2\r\nOK\r\n1;x\r\n!\r\n0\r\nA: b\r\n\r\n", Feed::kMessage, "OK!"},
      {"UntilClose", ok + "\r\nabc", Feed::kMessage, "abc", false},
      {"UntilCloseEmpty", ok + "\r\n", Feed::kMessage, "", false},
      {"Close", ok + "Connection: close\r\nContent-Length: 1\r\n\r\na", Feed::kMessage, "a", false},
      {"Http10", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", Feed::kMessage, "a", false},
      {"Http10KeepAlive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
       Feed::kMessage, "a"},
      {"Head", ok + "Content-Length: 9\r\n\r\n", Feed::kMessage, "", true, "HEAD"},
      {"HeadChunked", chunked, Feed::kMessage, "", true, "HEAD"},
      {"HeadNoLength", ok + "\r\n", Feed::kMessage, "", true, "HEAD"},
      {"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", Feed::kMessage, ""},
      {"NoContentLength", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", Feed::kMessage,
       ""},
      {"NotModified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", Feed::kMessage, ""},
      {"Interim", "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na",
       Feed::kMessage, "a"},
      {"InterimHead", "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + ok + "Content-Length: 1\r\n\r\n",
       Feed::kMessage, "", true, "HEAD"},
      {"NoReason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", Feed::kMessage, "a"},
      {"Nothing", "", Feed::kNeedMore, ""},
      {"OnlyInterim", "HTTP/1.1 100 Continue\r\n\r\n", Feed::kNeedMore, ""},
      {"SwitchingProtocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n", Feed::kError, ""},
      {"TruncatedHead", "HTTP/1.1 200 OK\r\nA: b", Feed::kError, ""},
      {"TruncatedLength", ok + "Content-Length: 3\r\n\r\nab", Feed::kError, ""},
      {"TruncatedChunk", chunked + "3\r\nab", Feed::kError, ""},
      {"TruncatedLastChunk", chunked + "2\r\nab\r\n0\r\n", Feed::kError, ""},
      {"TwoLengths", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na", Feed::kError, ""},
      {"LengthAndChunked", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       Feed::kError, ""},
      {"OpenQuoteInExtension", chunked + "2;a=\"\r\nOK\r\n0\r\n\r\n", Feed::kError, ""},
      {"Gzip", ok + "Transfer-Encoding: gzip\r\n\r\n", Feed::kError, ""},
      {"NotHttp", "hello this is not http\r\n", Feed::kError, ""},
      {"Http2", "HTTP/2.0 200 OK\r\n", Feed::kError, ""},
      {"StatusTwoDigits", "HTTP/1.1 20 OK\r\n", Feed::kError, ""},
      {"StatusTooLarge", "HTTP/1.1 999 Odd\r\n", Feed::kError, ""},
      {"Fold", ok + " A: b\r\n\r\n", Feed::kError, ""},
      {"LineFeedOnly", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", Feed::kError, ""},
  };
}

Feed FeedInPieces(ResponseParser& parser, std::string_view octets, std::size_t size) {
  Feed feed = Feed::kNeedMore;
  while (feed == Feed::kNeedMore && !octets.empty()) {
    std::size_t consumed = 0;
    feed = parser.Execute(octets.substr(0, size), &consumed);
    octets.remove_prefix(consumed);
  }
  return feed == Feed::kNeedMore ? parser.Finish() : feed;
}

class ResponseVerdict : public testing::TestWithParam<Row> {};

TEST_P(ResponseVerdict, IsAsInTheTableForAnySplit) {
  const Row& row = GetParam();
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
    ResponseParser parser({}, 1000);
    parser.StartResponse(row.method);
    ASSERT_EQ(FeedInPieces(parser, row.octets, size), row.at_end) << parser.error().detail;
    if (row.at_end == Feed::kMessage) {
      EXPECT_EQ(parser.message().body(), row.body);
      EXPECT_EQ(parser.body_bytes(), row.body.size());
      EXPECT_EQ(parser.message().keep_alive(), row.keep_alive);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ResponseVerdict, testing::ValuesIn(Rows()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ResponseParser, ReadsTheStatusLineAndHeaders) {
  ResponseParser parser({}, 100);
  parser.StartResponse("GET");
  FeedInPieces(parser, "HTTP/1.0 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n", 1000);
  EXPECT_EQ(parser.message().status(), 503);
  EXPECT_EQ(parser.message().reason(), "Service Unavailable");
  EXPECT_EQ(parser.message().http_minor(), 0);
  EXPECT_EQ(parser.message().Header("retry-after"), "1");
}

TEST(ResponseParser, KeepsPartOfTheBodyAndCountsAllOfIt) {
  ResponseParser parser({}, 10);
  const std::string octets =
      "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + std::string(2000000, 'a');
  ASSERT_EQ(FeedInPieces(parser, octets, 65536), Feed::kMessage);
  EXPECT_EQ(parser.message().body(), "aaaaaaaaaa");
  EXPECT_EQ(parser.body_bytes(), 2000000U);
}

TEST(ResponseParser, ReadsOneResponseAfterTheOther) {
  ResponseParser parser({}, 100);
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  const std::string octets = head + head + "b";
  std::size_t consumed = 0;
  parser.StartResponse("HEAD");
  ASSERT_EQ(parser.Execute(octets, &consumed), Feed::kMessage);
  EXPECT_EQ(consumed, head.size());
  parser.Next();
  EXPECT_TRUE(parser.idle());
  parser.StartResponse("GET");
  ASSERT_EQ(parser.Execute(std::string_view(octets).substr(consumed), &consumed), Feed::kMessage);
  EXPECT_EQ(parser.message().body(), "b");
}

}  // namespace
}  // namespace sqlicorn
