// SPDX-License-Identifier: MIT
// A parser that has read much before makes of every answer what a new one makes of it.
#include "common/http/known_heads.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/http/response_parser.h"

namespace sqlicorn {
namespace {

// All that can be seen of the answer that `octets` begins with.
std::string Reading(ResponseParser& parser, std::string_view octets, std::size_t piece_size,
                    const char* method) {
  parser.Next();
  parser.StartResponse(method);
  Feed feed = Feed::kNeedMore;
  std::size_t taken = 0;
  while (feed == Feed::kNeedMore && taken < octets.size()) {
    std::size_t consumed = 0;
    feed = parser.Execute(octets.substr(taken, piece_size), &consumed);
    taken += consumed;
  }
  const bool complete = feed == Feed::kMessage;
  const Feed end = complete || feed == Feed::kError ? feed : parser.Finish();
  if (end == Feed::kError) {
    return fmt::format("error {} {}", parser.error().detail, parser.message().status());
  }
  const Message& message = parser.message();
  std::string text =
      fmt::format("{} {} of {}: {} '{}' 1.{} {} |{}| of {}\n", complete, end == Feed::kMessage,
                  taken, message.status(), message.reason(), message.http_minor(),
                  message.keep_alive(), message.body(), parser.body_bytes());
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    text += fmt::format("{}='{}'\n", message.header(i).name, message.header(i).value);
  }
  return text;
}

const std::string kDate = "Date: Sat, 28 Nov 2026 19:00:00 GMT\r\n";

std::vector<std::string> Answers() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string server = "Server: sqlicorn\r\n" + kDate + "Connection: keep-alive\r\n";
  return {
      ok + server + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\nOK",
      ok + server + "Content-Length: 12\r\nContent-Type: text/plain\r\n\r\nHello, world",
      ok + "content-length: 3\r\n" + kDate + "\r\nabc",
      ok + "Content-Length: 1\r\n\r\na",
      ok + "Content-Length: 0\r\n\r\n",
      ok + "Date: \r\nContent-Length: 1\r\n\r\na",
      ok + "Content-Length: \t 1 \t\r\nDate:x\t\r\n\r\na",
      ok + "Date: a\r\nDate: b\r\nContent-Length: 07\r\n\r\nabcdefg",
      ok + "X: Content-Length: 9\r\nContent-Length: 000000000000000001\r\n\r\na",
      ok + kDate + "Connection: close\r\nContent-Length: 1\r\n\r\na",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
      "HTTP/1.1 503 Service Unavailable\r\n" + kDate + "Content-Length: 4\r\n\r\nbusy",
      "HTTP/1.1 204 No Content\r\n" + kDate + "Content-Length: 5\r\n\r\n",
      ok + kDate + "Transfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n",
      ok + kDate + "\r\nuntil the end",
      "HTTP/1.1 103 Early Hints\r\n" + kDate + "\r\n" + ok + "Content-Length: 1\r\n\r\na",
  };
}

class Heads : public testing::Test {
 protected:
  // Of both parsers: the one that has read all before, and a new one.
  void Compare(const std::string& octets, std::size_t piece_size, const char* method) {
    ResponseParser fresh({}, 8);
    EXPECT_EQ(Reading(experienced_, octets, piece_size, method),
              Reading(fresh, octets, piece_size, method))
        << octets;
  }

  ResponseParser experienced_{{}, 8};
};

TEST_F(Heads, AreReadTheSameAgain) {
  for (int round = 0; round < 3; ++round) {
    for (const std::string& answer : Answers()) {
      for (const std::size_t size : {std::size_t{100000}, std::size_t{20}, std::size_t{1}}) {
        Compare(answer, size, "GET");
        Compare(answer, size, "HEAD");
      }
    }
  }
}

TEST_F(Heads, AreReadTheSameWhateverOctetDiffers) {
  const std::string octets("\0\t\n\r !\"#'*+,-./0159:;<=@AZ[\\]_`acz{~\x7f\x80\xc3\xff", 40);
  for (const std::string& answer : Answers()) {
    for (std::size_t at = 0; at < answer.size(); ++at) {
      for (const char octet : octets) {
        std::string other = answer;
        other[at] = octet;
        Reading(experienced_, answer, answer.size(), "GET");
        Compare(other, other.size(), "GET");
      }
    }
  }
}

// Two at a time, one left out, one too many, cut off: what is near to a head that is known.
TEST_F(Heads, AreReadTheSameWhateverIsNearThem) {
  std::mt19937 random(10);  // NOLINT: the same in every run
  const std::string odd("\r\n\t :;,0159aA\0\x7f\xff", 17);
  for (const std::string& answer : Answers()) {
    for (int round = 0; round < 5000; ++round) {
      std::string other = answer;
      other[random() % other.size()] = odd[random() % odd.size()];
      switch (random() % 4) {
        case 0:
          other.erase(random() % other.size(), 1 + random() % 3);
          break;
        case 1:
          other.insert(random() % other.size(), 1, odd[random() % odd.size()]);
          break;
        case 2:
          other.resize(random() % other.size());
          break;
        default:
          other[random() % other.size()] = odd[random() % odd.size()];
      }
      Reading(experienced_, answer, answer.size(), "GET");
      Compare(other, other.size(), random() % 8 == 0 ? "HEAD" : "GET");
    }
  }
}

const std::string kHead = "HTTP/1.1 200 OK\r\n" + kDate + "Content-Length: 15\r\nA: b\r\n\r\n";

// `head` as the parser has read it.
MessageBuilder Read(const std::string& head) {
  MessageBuilder message;
  message.AppendHead(head);
  message.SetStatus(200);
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(':', at);
    message.AddName(message.head().substr(at, colon - at));
    message.SetValue(message.head().substr(colon + 1, end - colon - 1));
    at = end + 2;
  }
  return message;
}

// What `octets` begin with is taken without reading, once kHead is known.
std::string Taken(std::string octets, const std::string& from, const std::string& to) {
  octets.replace(octets.find(from), from.size(), to);
  KnownHeads known;
  known.Learn(Read(kHead));
  MessageBuilder message;
  BodyPlan plan;
  const std::size_t size = known.Find(octets, message, &plan);
  EXPECT_EQ(message.head(), octets.substr(0, size));
  return size == 0 ? "not"
                   : fmt::format("{} {} {}", message.message().Header("date").substr(5, 2),
                                 message.message().Header("a"), plan.length);
}

TEST(KnownHead, IsTakenWithAnotherDateAndAnotherLength) {
  EXPECT_EQ(Taken(kHead, "", ""), "28 b 15");
  EXPECT_EQ(Taken(kHead + "body", "28", "29"), "29 b 15");
  EXPECT_EQ(Taken(kHead, "15", "00"), "28 b 0");
  EXPECT_EQ(Taken(kHead, "Sat, 28", "\"'x: 01"), "01 b 15");
}

TEST(KnownHead, IsNotTakenWithAnythingElse) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"15", "5"},
                                                        {"15", "115"},
                                                        {"15", "1x"},
                                                        {"15", " 5"},
                                                        {"Sat", "Sa\t"},
                                                        {"Sat", " at"},
                                                        {"GMT", "GM "},
                                                        {"GMT", "GM\xc3"},
                                                        {"Sat", "S\r\n"},
                                                        {"200", "201"},
                                                        {"OK", "ok"},
                                                        {"1.1", "1.0"},
                                                        {"A: b", "A: c"},
                                                        {"A: b", "a: b"},
                                                        {"A: b\r\n", ""},
                                                        {"A: b\r\n\r\n", "A: b\r\n\r"},
                                                        {"A: b\r\n\r\n", "A: b\r\nC: d\r\n\r\n"}}) {
    EXPECT_EQ(Taken(kHead, from, to), "not") << from << " -> " << to;
  }
}

TEST(KnownHead, IsNoneWithoutALength) {
  const std::string head = "HTTP/1.1 200 OK\r\n" + kDate + "\r\n";
  KnownHeads known;
  known.Learn(Read(head));
  MessageBuilder message;
  BodyPlan plan;
  EXPECT_EQ(known.Find(head, message, &plan), 0U);
}

TEST(KnownHead, GivesWayToTheNinthAfterIt) {
  KnownHeads known;
  std::vector<std::string> heads;
  for (int i = 0; i < 9; ++i) {
    heads.push_back(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nA: {}\r\n\r\n", i));
    known.Learn(Read(heads.back()));
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    MessageBuilder message;
    BodyPlan plan;
    EXPECT_EQ(known.Find(heads[i], message, &plan), i == 0 ? 0 : heads[i].size()) << i;
  }
}

}  // namespace
}  // namespace sqlicorn
