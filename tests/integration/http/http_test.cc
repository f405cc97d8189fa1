// SPDX-License-Identifier: MIT
// The HTTP of gunicorn's users, over real connections: one server for each whole table.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/http/request_corpus.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kForm = "Content-Type: application/x-www-form-urlencoded\r\n";

std::string CountWith(std::string_view version, std::string_view headers) {
  return fmt::format("GET /count/ HTTP/{}\r\nHost: test\r\n{}\r\n", version, headers);
}

TEST(KeepAlive, IsWhatVersionAndConnectionSay) {
  struct Row {
    const char* version;
    const char* headers;
    bool kept;
  };

  Site site;
  ServerProcess& server = site.Start();
  for (const Row& row :
       {Row{"1.0", "", false}, Row{"1.0", "Connection: keep-alive\r\n", true},
        Row{"1.0", "Connection: Keep-Alive, foo\r\n", true}, Row{"1.1", "", true},
        Row{"1.1", "Connection: close\r\n", false}, Row{"1.1", "Connection: CLOSE, foo\r\n", false},
        Row{"1.1", "Connection: foo\r\nConnection: close\r\n", false},
        Row{"1.1", "Connection: foo\r\n", true}}) {
    SCOPED_TRACE(fmt::format("{} {}", row.version, row.headers));
    RawClient client(server.port());
    const HttpAnswer answer = client.Ask(CountWith(row.version, row.headers));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.Header("Connection"), row.kept ? "keep-alive" : "close");
    if (row.kept) {
      EXPECT_EQ(client.Ask(CountWith(row.version, row.headers)).status, 200);
    } else {
      EXPECT_EQ(client.ReadToEnd(), "");
      EXPECT_TRUE(client.closed());
    }
  }
}

// All that comes back for octets after which nothing follows.
std::string AnswersTo(int port, const std::string& octets) {
  RawClient client(port);
  client.Send(octets);
  client.FinishSending();
  return client.ReadToEnd();
}

std::vector<int> StatusesIn(const std::string& answers) {
  std::vector<int> statuses;
  for (std::size_t at = answers.find("HTTP/1."); at != std::string::npos;
       at = answers.find("HTTP/1.", at + 1)) {
    // Not in a page that quotes the request.
    const int status = std::atoi(answers.c_str() + at + std::string_view("HTTP/1.1 ").size());
    if (status != 0) {
      statuses.push_back(status);
    }
  }
  return statuses;
}

class RequestTable : public testing::Test {
 protected:
  void SetUp() override { site_.Start(); }

  [[nodiscard]] int port() { return site_.server().port(); }

  Site site_;
};

TEST_F(RequestTable, RefusesEachBadRowClosesAndWarnsOfThePeer) {
  for (const CorpusRow& row : RequestCorpus()) {
    if (row.status == 200) {
      continue;
    }
    SCOPED_TRACE(row.name);
    // What follows a refused request must not run.
    const std::string answers = AnswersTo(port(), row.octets + PostForm("/add/", "name=smuggled"));
    ASSERT_FALSE(StatusesIn(answers).empty());
    EXPECT_EQ(StatusesIn(answers).back(), row.status) << answers;
    EXPECT_NE(answers.rfind("Connection: close\r\n"), std::string::npos) << answers;
  }
  EXPECT_EQ(site_.Ask("SELECT count(*) FROM note"), "0");
  EXPECT_TRUE(site_.server().LogHas("[WARNING] Invalid request from ip=127.0.0.1: Invalid HTTP "))
      << site_.server().log();
}

TEST_F(RequestTable, ServesEachGoodRow) {
  const std::set<int> refusals = {400, 408, 413, 414, 417, 431, 500, 501, 505};
  for (const CorpusRow& row : RequestCorpus()) {
    if (row.status != 200) {
      continue;
    }
    SCOPED_TRACE(row.name);
    const std::string answers = AnswersTo(port(), row.octets);
    ASSERT_FALSE(StatusesIn(answers).empty());
    EXPECT_FALSE(refusals.contains(StatusesIn(answers).front())) << answers;
  }
}

TEST_F(RequestTable, NamesTheRefusedWord) {
  const std::string answer = AnswersTo(port(), "get / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(answer.find("Unsupported HTTP method: "), std::string::npos) << answer;
  EXPECT_TRUE(site_.server().LogHas(
      "[WARNING] Invalid request from ip=127.0.0.1: Unsupported HTTP method: 'get'"));
}

TEST(Expect, IsIgnoredOnHttp10) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  const HttpAnswer answer = client.Ask(
      fmt::format("POST /add/ HTTP/1.0\r\nExpect: 100-continue\r\n{}Content-Length: 6\r\n\r\n"
                  "name=a",
                  kForm));
  EXPECT_EQ(answer.status, 200);
}

std::string HeadersOf(HttpAnswer answer) {
  const std::size_t date = answer.head.find("Date: ");
  return answer.head.erase(date, answer.head.find("\r\n", date) - date);
}

TEST(Head, HasTheHeadersOfGet) {
  Site site;
  RawClient client(site.Start().port());
  for (const char* path : {"/count/", "/nowhere/"}) {
    ASSERT_TRUE(client.Send(fmt::format("HEAD {} HTTP/1.1\r\nHost: test\r\n\r\n", path)));
    const HttpAnswer head = client.ReadAnswer(AnswerBody::kNone);
    EXPECT_EQ(HeadersOf(head), HeadersOf(client.Ask(Get(path))));
  }
}

TEST(Chunks, WithTrailersAreTheWholeBody) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  const HttpAnswer answer =
      client.Ask(fmt::format("POST /add/ HTTP/1.1\r\nHost: test\r\n{}Transfer-Encoding: chunked\r\n"
                             "Trailer: X-Sum\r\n\r\n5\r\nname=\r\n4;x=y\r\nmany\r\n"
                             "0\r\nX-Sum: 1\r\n\r\n",
                             kForm));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(client.Ask(Get("/count/")).body, R"([{"notes":1}])");
  EXPECT_EQ(site.Ask("SELECT name FROM note"), "many");
}

TEST(Underscore, HidesAHeaderFromTheApplication) {
  Site site;
  ServerProcess& server = site.Start();
  RawClient client(server.port());
  const auto post = [&](std::string_view name) {
    return client.Ask(fmt::format(
        "POST /add/ HTTP/1.1\r\nHost: test\r\n{}: application/x-www-form-urlencoded\r\n"
        "Content_Length: 3\r\nTransfer_Encoding: chunked\r\nContent-Length: 6\r\n\r\nname=a",
        name));
  };
  EXPECT_EQ(post("Content-Type").status, 200);
  EXPECT_EQ(post("Content_Type").status, 415);
}

TEST(MaxRequests, UnderLoadLosesNoRequest) {
  Site site;
  ServerProcess& server = site.Start({"--max-requests", "100", "--max-requests-jitter", "50"});
  Writers writers(server.port(), "/add_immediate/", 3);
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > 1000; })) << server.log();
  writers.Stop();
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(site.Ask("SELECT count(*) FROM note"),
            std::to_string(writers.AcknowledgedNames().size()));
  EXPECT_TRUE(server.LogHas("Autorestarting worker after current request."));
}

TEST(WorkerConnections, BoundWhoIsServedAndTheOthersWait) {
  Site site;
  ServerProcess& server = site.Start({"-w", "1", "--worker-connections", "3"}, 1);
  const pid_t worker = server.workers().front();
  EXPECT_TRUE(WaitFor([&] { return CountSockets(worker) == 1; }));  // who asked whether it is ready
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    ASSERT_TRUE(clients.back()->Send(Get("/count/")));
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(clients[static_cast<std::size_t>(i)]->ReadAnswer().status, 200);
  }
  // Another round: the two who wait have not been taken meanwhile.
  EXPECT_EQ(clients[0]->Ask(Get("/count/")).status, 200);
  EXPECT_EQ(CountSockets(worker), 1U + 3U);
  clients.erase(clients.begin(), clients.begin() + 2);
  EXPECT_EQ(clients[1]->ReadAnswer().status, 200);
  EXPECT_EQ(clients[2]->ReadAnswer().status, 200);
}

}  // namespace
}  // namespace sqlicorn
