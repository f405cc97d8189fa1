// SPDX-License-Identifier: MIT
#include "common/http/writer.h"

#include <gtest/gtest.h>

#include "common/http/request_parser.h"
#include "common/http/response_parser.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kDate = "Sun, 22 Nov 2026 09:59:27 GMT";

std::string Written(const Response& response, const ResponseFraming& framing) {
  std::string out;
  ResponseWriter(out, kDate).Write(response, framing);
  return out;
}

TEST(DateCache, WritesImfFixdate) {
  DateCache cache;
  EXPECT_EQ(cache.At(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(cache.At(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(cache.At(784111776), "Sun, 06 Nov 1994 08:49:36 GMT");
  EXPECT_EQ(cache.At(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(cache.At(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST(ResponseWriter, WritesTheHeadInGunicornsOrder) {
  const HeaderView extra[] = {{"Retry-After", "1"}};
  EXPECT_EQ(Written({503, "text/plain", "busy", extra}, {}),
            "HTTP/1.1 503 Service Unavailable\r\n"
            "Server: sqlicorn\r\n"
            "Date: Sun, 22 Nov 2026 09:59:27 GMT\r\n"
            "Connection: keep-alive\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: 4\r\n"
            "Retry-After: 1\r\n"
            "\r\nbusy");
}

// Each kind twice, of more kinds than a cache keeps, and in the next second.
TEST(HeadCache, HoldsWhatTheWriterWouldWriteWithoutOne) {
  HeadCache heads;
  for (int twice = 0; twice < 2 * 3 * 2 * 2 * 3 * 40; ++twice) {
    const int i = twice / 2;
    const std::string_view type[] = {"", "text/plain; charset=utf-8", "application/json"};
    const Response response = {i % 40 < 38 ? 200 + i % 40 : 204, type[i % 3], "body", {}};
    const ResponseFraming framing = {
        i / 3 % 2, i / 6 % 2 == 0 ? Persistence::kClose : Persistence::kKeepAlive};
    const std::string_view date = i / 12 % 3 == 0 ? "Sun, 22 Nov 2026 09:59:28 GMT" : kDate;
    std::string kept;
    ResponseWriter(kept, date, &heads).Write(response, framing);
    std::string made;
    ResponseWriter(made, date).Write(response, framing);
    ASSERT_EQ(kept, made);
  }
}

TEST(ResponseWriter, AnswersInTheVersionOfTheRequest) {
  RequestParser parser({});
  std::size_t consumed = 0;
  parser.Execute("GET / HTTP/1.0\r\n\r\n", &consumed);
  const std::string out = Written({200, "", "OK", {}}, ResponseFraming::For(parser.message()));
  EXPECT_TRUE(out.starts_with("HTTP/1.0 200 OK\r\n")) << out;
  EXPECT_NE(out.find("\r\nConnection: close\r\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("Content-Type"), std::string::npos) << out;
}

// As our own parser of answers takes them.
TEST(ResponseWriter, WritesABodyWhoseLengthIsNotKnownInChunks) {
  std::string out;
  const std::string long_part(70000, 'b');
  EXPECT_TRUE(
      ResponseWriter(out, kDate).WriteHead({200, "text/plain", {}, {}}, {.end = BodyEnd::kChunks}));
  EXPECT_EQ(out.find("Content-Length"), std::string::npos);
  AppendChunkHead(1, ChunkPlace::kFirst, &out);
  out += "a";
  AppendChunkHead(long_part.size(), ChunkPlace::kLater, &out);
  out += long_part;
  out += kLastChunk;
  ResponseParser parser({}, 100000);
  std::size_t consumed = 0;
  EXPECT_EQ(parser.Execute(out, &consumed), Feed::kMessage);
  EXPECT_EQ(consumed, out.size());
  EXPECT_TRUE(parser.message().body() == "a" + long_part);
  EXPECT_TRUE(parser.message().keep_alive());
}

TEST(ResponseWriter, NamesNoLengthWhereTheEndIsThatOfTheConnection) {
  std::string out;
  EXPECT_TRUE(ResponseWriter(out, kDate)
                  .WriteHead({200, "text/plain", {}, {}},
                             {0, Persistence::kClose, BodyMode::kSend, BodyEnd::kClose}));
  EXPECT_EQ(out,
            "HTTP/1.0 200 OK\r\nServer: sqlicorn\r\nDate: Sun, 22 Nov 2026 09:59:27 GMT\r\n"
            "Connection: close\r\nContent-Type: text/plain\r\n\r\n");
}

TEST(ResponseWriter, WritesAnInterimAnswer) {
  std::string out;
  ResponseWriter(out, kDate).WriteInterim(102);
  EXPECT_EQ(out, "HTTP/1.1 102 Processing\r\n\r\n");
}

TEST(ResponseWriter, KeepsTheLengthForHead) {
  RequestParser parser({});
  std::size_t consumed = 0;
  parser.Execute("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", &consumed);
  const std::string out = Written({200, "", "OK", {}}, ResponseFraming::For(parser.message()));
  EXPECT_TRUE(out.ends_with("Content-Length: 2\r\n\r\n")) << out;
}

TEST(ResponseWriter, SendsNoBodyWhereNoneIsAllowed) {
  EXPECT_EQ(Written({204, "", "x", {}}, {}).find("Content-Length"), std::string::npos);
  EXPECT_TRUE(Written({204, "", "x", {}}, {}).ends_with("\r\n\r\n"));
  EXPECT_TRUE(Written({304, "", "x", {}}, {}).ends_with("Content-Length: 1\r\n\r\n"));
}

TEST(ResponseWriter, TellsWhetherABodyFollowsAHead) {
  struct Row {
    int status;
    BodyMode body;
    bool follows;
  };

  for (const Row& row : {Row{200, BodyMode::kSend, true}, Row{200, BodyMode::kOmit, false},
                         Row{204, BodyMode::kSend, false}, Row{304, BodyMode::kSend, false}}) {
    const Response response{row.status, "text/plain", "12345", {}};
    const ResponseFraming framing{1, Persistence::kKeepAlive, row.body};
    std::string head;
    EXPECT_EQ(ResponseWriter(head, kDate).WriteHead(response, framing), row.follows) << row.status;
    EXPECT_EQ(Written(response, framing), head + (row.follows ? "12345" : ""));
  }
}

TEST(ResponseWriter, LeavesOutHeadersThatWouldBreakTheMessage) {
  const HeaderView bad[] = {
      {"A", "b\r\nX: y"},      {"B c", "d"},  {"", "e"},    {"Transfer-Encoding", "f"},
      {"content-length", "9"}, {"Date", "g"}, {"Good", "h"}};
  const std::string out = Written({200, "a\r\nb", "OK", bad}, {});
  EXPECT_TRUE(out.ends_with("Content-Length: 2\r\nGood: h\r\n\r\nOK")) << out;
  EXPECT_NE(out.find("keep-alive\r\nContent-Length: 2"), std::string::npos) << out;
}

TEST(ResponseWriter, SendsErrorPagesWhoseDetailIsEscaped) {
  std::string out;
  const std::string page = ErrorPage(501, "Unsupported: '<b>&\"'");
  ResponseWriter(out, kDate)
      .Write({501, "text/html", page, {}}, {1, Persistence::kClose, BodyMode::kSend});
  ResponseParser parser({}, 10000);
  std::size_t consumed = 0;
  ASSERT_EQ(parser.Execute(out, &consumed), Feed::kMessage);
  EXPECT_EQ(parser.message().status(), 501);
  EXPECT_EQ(parser.message().reason(), "Not Implemented");
  EXPECT_FALSE(parser.message().keep_alive());
  EXPECT_EQ(parser.message().Header("server"), "sqlicorn");
  EXPECT_EQ(parser.message().Header("date"), kDate);
  EXPECT_EQ(parser.message().Header("content-type"), "text/html");
  EXPECT_NE(parser.message().body().find("&#x27;&lt;b&gt;&amp;&quot;&#x27;"), std::string::npos);
}

TEST(ReasonPhrase, KnowsEveryStatusTheParserGives) {
  for (const int status : {400, 413, 414, 415, 417, 431, 501, 505}) {
    EXPECT_NE(ReasonPhrase(status), "Unknown") << status;
  }
  EXPECT_EQ(ReasonPhrase(299), "Unknown");
  EXPECT_EQ(ReasonPhrase(999), "Unknown");
}

TEST(RequestWriter, WritesWhatTheParserReads) {
  const HeaderView headers[] = {{"Accept", "*/*"}};
  std::string out;
  AppendRequest({"POST", "/a?b", "h:1", headers, "application/x-www-form-urlencoded", "c=d"}, &out);
  EXPECT_EQ(out,
            "POST /a?b HTTP/1.1\r\nHost: h:1\r\nAccept: */*\r\nContent-Length: 3\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\nc=d");
  RequestParser parser({});
  std::size_t consumed = 0;
  EXPECT_EQ(parser.Execute(out, &consumed), Feed::kMessage);
}

TEST(RequestWriter, WritesALengthWhereAServerWantsOne) {
  std::string get;
  std::string post;
  AppendRequest({.host = "h"}, &get);
  AppendRequest({.method = "POST", .host = "h"}, &post);
  EXPECT_EQ(get, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(post, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace sqlicorn
