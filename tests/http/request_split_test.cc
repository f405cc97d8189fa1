// SPDX-License-Identifier: MIT
// The same octets whole, one at a time and in random pieces give the same messages and verdict.
#include <algorithm>
#include <functional>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/http/request_parser.h"
#include "tests/http/request_corpus.h"

namespace sqlicorn {
namespace {

std::string Describe(const Message& message) {
  std::string text =
      fmt::format("{} {} {} {} 1.{} {} |{}|\n", message.method(), message.target(), message.path(),
                  message.query(), message.http_minor(), message.keep_alive(), message.body());
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    text += fmt::format("{}={}\n", message.header(i).name, message.header(i).value);
  }
  return text;
}

// Everything a caller can see of a connection that receives `octets` in pieces of the given sizes.
std::string Transcript(std::string_view octets, const std::function<std::size_t()>& piece_size) {
  RequestParser parser({});
  std::string transcript;
  while (!octets.empty()) {
    std::string_view piece = octets.substr(0, piece_size());
    octets.remove_prefix(piece.size());
    while (!piece.empty()) {
      std::size_t consumed = 0;
      const Feed feed = parser.Execute(piece, &consumed);
      piece.remove_prefix(consumed);
      if (feed == Feed::kError) {
        return transcript +
               fmt::format("error {} {}", parser.error().status, parser.error().detail);
      }
      if (feed == Feed::kMessage) {
        transcript += Describe(parser.message());
        parser.Next();
      }
    }
  }
  return transcript + (parser.Finish() == Feed::kError ? "truncated" : "end");
}

class RequestSplit : public testing::TestWithParam<CorpusRow> {};

TEST_P(RequestSplit, DoesNotMatter) {
  const std::string& octets = GetParam().octets;
  const std::string whole = Transcript(octets, [&octets] { return octets.size(); });
  EXPECT_EQ(Transcript(octets, [] { return 1; }), whole);
  std::mt19937 random(20);  // NOLINT: the same splits in every run
  for (int round = 0; round < 20; ++round) {
    const std::size_t longest = octets.size() < 1000 ? 20 : octets.size() / 10;
    std::uniform_int_distribution<std::size_t> sizes(1, longest);
    EXPECT_EQ(Transcript(octets, [&] { return sizes(random); }), whole);
  }
}

INSTANTIATE_TEST_SUITE_P(All, RequestSplit, testing::ValuesIn(RequestCorpus()),
                         [](const auto& row) { return row.param.name; });

TEST(RequestTruncated, AnywhereIsAnError) {
  for (const std::string& octets :
       {std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde"),
        std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n0\r\nA: b\r\n\r\n")}) {
    for (std::size_t size = 1; size < octets.size(); ++size) {
      RequestParser parser({});
      std::size_t consumed = 0;
      ASSERT_EQ(parser.Execute(octets.substr(0, size), &consumed), Feed::kNeedMore) << size;
      EXPECT_EQ(parser.Finish(), Feed::kError) << size;
    }
  }
}

TEST(RequestMutated, NeverBreaksTheParser) {
  std::mt19937 random(21);  // NOLINT: the same mutations in every run
  for (const CorpusRow& row : RequestCorpus()) {
    if (row.octets.size() > 2000) {
      continue;
    }
    for (int round = 0; round < 50; ++round) {
      std::string octets = row.octets;
      octets[random() % octets.size()] = "\r\n\t :;,0aA\0\xff"[random() % 12];
      const std::string whole = Transcript(octets, [&octets] { return octets.size(); });
      EXPECT_EQ(Transcript(octets, [] { return 1; }), whole) << octets;
    }
  }
}

}  // namespace
}  // namespace sqlicorn
