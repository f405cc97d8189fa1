// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "common/http/request_parser.h"
#include "tests/http/request_corpus.h"

namespace sqlicorn {
namespace {

class RequestVerdict : public testing::TestWithParam<CorpusRow> {};

TEST_P(RequestVerdict, IsAsInTheTable) {
  const CorpusRow& row = GetParam();
  RequestParser parser({});
  std::string_view rest = row.octets;
  std::size_t messages = 0;
  Feed feed = Feed::kMessage;
  while (feed == Feed::kMessage && !rest.empty()) {
    std::size_t consumed = 0;
    feed = parser.Execute(rest, &consumed);
    rest.remove_prefix(consumed);
    if (feed == Feed::kMessage) {
      ++messages;
      parser.Next();
    }
  }
  if (row.status == 200) {
    ASSERT_NE(feed, Feed::kError) << parser.error().detail;
    EXPECT_GT(messages, 0U);
    return;
  }
  ASSERT_EQ(feed, Feed::kError);
  EXPECT_EQ(parser.error().status, row.status);
  EXPECT_NE(parser.error().detail.find(row.detail), std::string::npos) << parser.error().detail;
}

INSTANTIATE_TEST_SUITE_P(All, RequestVerdict, testing::ValuesIn(RequestCorpus()),
                         [](const auto& row) { return row.param.name; });

bool Accepts(const std::string& octets) {
  RequestParser parser({});
  std::size_t consumed = 0;
  return parser.Execute(octets, &consumed) == Feed::kMessage;
}

TEST(RequestOctets, InAValueAreTabVisibleAndEightBit) {
  for (int octet = 0; octet < 256; ++octet) {
    const bool valid = octet == '\t' || (octet >= 0x20 && octet != 0x7f);
    const std::string value = "b" + std::string(1, static_cast<char>(octet)) + "c";
    EXPECT_EQ(Accepts("GET / HTTP/1.1\r\nHost: a\r\nA: " + value + "\r\n\r\n"), valid) << octet;
  }
}

TEST(RequestOctets, InANameAreTokenOctets) {
  const std::string valid = "!#$%&'*+-.^_`|~";
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    const bool token = (octet < 128 && std::isalnum(octet) != 0) ||
                       (octet != 0 && valid.find(c) != std::string::npos) || c == ':';
    const std::string name = "b" + std::string(1, c) + "c";
    EXPECT_EQ(Accepts("GET / HTTP/1.1\r\nHost: a\r\n" + name + ": d\r\n\r\n"), token) << octet;
  }
}

TEST(RequestOctets, InATargetAreVisibleAscii) {
  for (int octet = 0; octet < 256; ++octet) {
    const bool valid = octet > 0x20 && octet < 0x7f && octet != '#';
    const std::string target = "/b" + std::string(1, static_cast<char>(octet)) + "c";
    EXPECT_EQ(Accepts("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), valid) << octet;
  }
}

}  // namespace
}  // namespace sqlicorn
