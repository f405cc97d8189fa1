// SPDX-License-Identifier: MIT
#include "common/http/request_parser.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

// Feeds `octets`, which end with one message.
class OneRequest {
 public:
  explicit OneRequest(std::string octets) : octets_(std::move(octets)) {
    feed_ = parser_.Execute(octets_, &consumed_);
    EXPECT_EQ(feed_, Feed::kMessage) << parser_.error().detail;
  }

  const Message& operator*() const { return parser_.message(); }

  const Message* operator->() const { return &parser_.message(); }

 private:
  std::string octets_;
  RequestParser parser_{ParserLimits{}};
  std::size_t consumed_ = 0;
  Feed feed_ = Feed::kNeedMore;
};

TEST(Request, HasThePartsOfItsLine) {
  const OneRequest request("GET /a%20b/?c=d?e HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(request->method(), "GET");
  EXPECT_EQ(request->target(), "/a%20b/?c=d?e");
  EXPECT_EQ(request->path(), "/a%20b/");
  EXPECT_EQ(request->query(), "c=d?e");
  EXPECT_EQ(request->http_minor(), 1);
}

TEST(Request, TakesThePathOutOfAnAbsoluteTarget) {
  struct Row {
    const char* target;
    const char* path;
    const char* query;
  };

  for (const Row& row : {Row{"http://h/p?q", "/p", "q"}, Row{"HTTPS://h:80/", "/", ""},
                         Row{"http://h", "/", ""}, Row{"http://h?q", "/", "q"}}) {
    const OneRequest request("GET " + std::string(row.target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(request->path(), row.path) << row.target;
    EXPECT_EQ(request->query(), row.query) << row.target;
    EXPECT_EQ(request->Header("host"), "x");
  }
}

TEST(Request, FindsHeadersInAnyCaseAndTheFirstOfTwo) {
  const OneRequest request("GET / HTTP/1.1\r\nHost: h\r\nX-A:  b \t\r\nx-a: c\r\nE:\r\n\r\n");
  EXPECT_EQ(request->header_count(), 4U);
  EXPECT_EQ(request->Header("x-A"), "b");
  EXPECT_EQ(request->header(2).value, "c");
  EXPECT_TRUE(request->HasHeader("e"));
  EXPECT_EQ(request->Header("e"), "");
  EXPECT_FALSE(request->HasHeader("f"));
}

TEST(Request, DropsNamesWithUnderscore) {
  const OneRequest request("GET / HTTP/1.1\r\nHost: h\r\nX_A: b\r\n\r\n");
  EXPECT_EQ(request->header_count(), 1U);
}

TEST(Request, IsRefusedForNamesWithUnderscoreWhereTheyAreNotDropped) {
  RequestParser parser({.underscore_names = UnderscoreNames::kRefuse});
  std::size_t consumed = 0;
  const std::string octets = "GET /a_b HTTP/1.1\r\nHost: h\r\nX-A: a_b\r\n";
  EXPECT_EQ(parser.Execute(octets + "X_A: b\r\n\r\n", &consumed), Feed::kError);
  EXPECT_EQ(parser.error().status, 400);
  EXPECT_EQ(parser.error().detail, "Invalid HTTP header name: 'X_A'");
  RequestParser other({.underscore_names = UnderscoreNames::kRefuse});
  EXPECT_EQ(other.Execute(octets + "\r\n", &consumed), Feed::kMessage);
}

TEST(Request, DecodesChunksAndDropsTrailers) {
  const OneRequest request(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n");
  EXPECT_EQ(request->body(), "abcde");
  EXPECT_FALSE(request->HasHeader("x-sum"));
}

TEST(Request, KeepsTheConnectionAsItsConnectionHeadersSay) {
  struct Row {
    const char* fields;
    bool on_10;
    bool on_11;
  };

  for (const Row& row :
       {Row{"", false, true}, Row{"Connection: close\r\n", false, false},
        Row{"Connection: close\t\r\n", false, false},
        Row{"Connection: CLOSE, foo\r\n", false, false},
        Row{"Connection: foo ,close\r\n", false, false}, Row{"Connection: closed\r\n", false, true},
        Row{"Connection: Keep-Alive\r\n", true, true},
        Row{"Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n", true, true},
        Row{"Connection: keep-alive\r\nConnection: close\r\n", false, false}}) {
    const std::string head = std::string("\r\nHost: h\r\n") + row.fields + "\r\n";
    EXPECT_EQ(OneRequest("GET / HTTP/1.0" + head)->keep_alive(), row.on_10) << row.fields;
    EXPECT_EQ(OneRequest("GET / HTTP/1.1" + head)->keep_alive(), row.on_11) << row.fields;
  }
}

TEST(RequestParser, StopsAfterEachOfSeveralPipelinedRequests) {
  const std::string first = "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab";
  const std::string second = "GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  const std::string both = first + second;
  RequestParser parser({});
  std::size_t consumed = 0;
  ASSERT_EQ(parser.Execute(both, &consumed), Feed::kMessage);
  EXPECT_EQ(consumed, first.size());
  EXPECT_EQ(parser.message().body(), "ab");
  parser.Next();
  EXPECT_TRUE(parser.idle());
  ASSERT_EQ(parser.Execute(std::string_view(both).substr(consumed), &consumed), Feed::kMessage);
  EXPECT_EQ(consumed, second.size());
  EXPECT_EQ(parser.message().path(), "/2");
}

TEST(RequestParser, KeepsAMessageUntilNext) {
  RequestParser parser({});
  std::size_t consumed = 0;
  const std::string octets = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_EQ(parser.Execute(octets, &consumed), Feed::kMessage);
  EXPECT_EQ(parser.Execute(octets, &consumed), Feed::kMessage);
  EXPECT_EQ(consumed, 0U);
  EXPECT_EQ(parser.Finish(), Feed::kNeedMore);
}

TEST(RequestParser, StaysFailed) {
  RequestParser parser({});
  std::size_t consumed = 0;
  ASSERT_EQ(parser.Execute("bad\r\n", &consumed), Feed::kError);
  EXPECT_EQ(parser.Execute("GET / HTTP/1.1\r\nHost: h\r\n\r\n", &consumed), Feed::kError);
  EXPECT_EQ(parser.Finish(), Feed::kError);
}

TEST(RequestParser, TellsWhereInAMessageItIs) {
  RequestParser parser({});
  std::size_t consumed = 0;
  EXPECT_TRUE(parser.idle());
  EXPECT_EQ(parser.Finish(), Feed::kNeedMore);
  parser.Execute("P", &consumed);
  EXPECT_FALSE(parser.idle());
  EXPECT_FALSE(parser.in_body());
  parser.Execute("OST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n", &consumed);
  EXPECT_TRUE(parser.in_body());
  EXPECT_EQ(parser.message().path(), "/");
  EXPECT_EQ(parser.Execute("ab", &consumed), Feed::kMessage);
  EXPECT_FALSE(parser.in_body());
}

TEST(RequestParser, WantsContinueBetweenHeadAndBody) {
  for (const char* framing : {"Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"}) {
    RequestParser parser({});
    std::size_t consumed = 0;
    const std::string head =
        std::string("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n") + framing;
    parser.Execute(head, &consumed);
    EXPECT_FALSE(parser.wants_continue());
    parser.Execute("\r\n", &consumed);
    EXPECT_TRUE(parser.wants_continue()) << framing;
    parser.Execute("1", &consumed);
    EXPECT_FALSE(parser.wants_continue()) << framing;
  }
}

TEST(RequestParser, DoesNotWantContinueWhenTheBodyCameAlong) {
  for (const char* octets :
       {"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n"}) {
    RequestParser parser({});
    std::size_t consumed = 0;
    parser.Execute(octets, &consumed);
    EXPECT_FALSE(parser.wants_continue()) << octets;
  }
}

TEST(RequestParser, TakesZeroLimitsAsGunicornDoes) {
  RequestParser parser({0, 0, 0, 0});
  std::size_t consumed = 0;
  const std::string head = "POST /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(parser.Execute(head + "Content-Length: 2000000\r\n\r\n", &consumed), Feed::kNeedMore);
  EXPECT_TRUE(parser.in_body());
}

TEST(RequestParser, QuotesClientOctetsInItsErrors) {
  RequestParser parser({});
  std::size_t consumed = 0;
  parser.Execute("A\x1b[2J\xff" + std::string(300, 'b') + "\r\n", &consumed);
  const std::string& detail = parser.error().detail;
  EXPECT_TRUE(detail.starts_with("Invalid HTTP request line: 'A\\x1b[2J\\xffbb")) << detail;
  EXPECT_LT(detail.size(), 140U);
}

}  // namespace
}  // namespace sqlicorn
