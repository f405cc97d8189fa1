// SPDX-License-Identifier: MIT
// What users of a scenario send, against a real server in this process.
#include "tests/loadgen/scenario_run.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

Reply Answer(const std::string& body, const std::string& headers = "",
             const std::string& status = "200 OK") {
  return {"HTTP/1.1 " + status + "\r\n" + headers +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
          Reply::Then::kKeep};
}

using Texts = std::vector<std::string>;

TEST_F(ScenarioRun, StepsUseWhatAnswersSaid) {
  Use(R"(
[[start]]
method = "POST"
path = "/login"
writes = false
json = { user = "u${user}" }
take = { token = { json = "/token" } }

[[task]]
[[task.step]]
method = "POST"
path = "/orders"
writes = false
headers = { Authorization = "Bearer ${token}" }
take = { id = { json = "/id" }, place = { header = "Location" } }
[[task.step]]
path = "/orders/${id}?by=${token}"
[[task.step]]
path = "${place}"
)");
  RunUntil(4, [](const std::string& request, auto) {
    if (request.starts_with("POST /login")) {
      return Answer(R"({"token":"a b"})");
    }
    return request.starts_with("POST")
               ? Answer(R"({"id":7})", "Location: http://h/orders/7?x=1\r\n")
               : Ok();
  });
  EXPECT_EQ(Shown(), (Texts{"POST /login {\"user\":\"u1\"}", "POST /orders",
                            "GET /orders/7?by=a%20b", "GET /orders/7?x=1", "POST /orders"}));
  EXPECT_EQ(Header(1, "Authorization"), "Bearer a b");
}

TEST_F(ScenarioRun, ASequenceEndsWhereAStepFails) {
  Use(R"(
[[task]]
[[task.step]]
path = "/a"
expect = { json = { "/ok" = true } }
[[task.step]]
path = "/b"
)");
  const RunResult result = RunUntil(3, [](const auto&, std::size_t number) {
    return Answer(number == 0 ? R"({"ok":false})" : R"({"ok":true})");
  });
  EXPECT_EQ(Shown(), (Texts{"GET /a", "GET /a", "GET /b", "GET /a"}));
  ASSERT_EQ(result.stats.errors().size(), 1u);
  EXPECT_EQ(result.stats.errors()[0].error, "/ok of the body is not true");
  EXPECT_EQ(result.stats.failures(), 1u);
}

TEST_F(ScenarioRun, ChecksAreCountedByWhatTheyFound) {
  Use(R"(
[[task]]
path = "/a"
take = { tag = { header = "ETag" } }
[task.expect]
status = [200, 404]
contains = "OK"
)");
  const RunResult result = RunUntil(5, [](const auto&, std::size_t number) {
    switch (number) {
      case 0:
        return Answer("OK", "ETag: x\r\n", "404 Not Found");
      case 1:
        return Answer("number 1");
      case 2:
        return Answer("number 2");
      case 3:
        return Answer("OK", "", "202 Accepted");
      case 4:
        return Answer("OK", "", "500 Internal Server Error");
      default:
        return Answer("OK");
    }
  });
  std::map<std::string, std::uint64_t> errors;
  for (const ErrorStats& error : result.stats.errors()) {
    errors[error.error] = error.occurrences;
  }
  EXPECT_EQ(errors, (std::map<std::string, std::uint64_t>{
                        {"HTTPError('500 Server Error: Internal Server Error for url: /a')", 1},
                        {"status 202 is not what the scenario expects", 1},
                        {"the answer has no header ETag", 1},
                        {"the body does not contain 'OK'", 2}}));
  EXPECT_EQ(result.stats.requests(), 6u);
}

// The check of a write that is not what was expected leaves open whether it was done.
TEST_F(ScenarioRun, OnlyAnExpectedAnswerAcknowledgesAWrite) {
  Use(R"(
[[task]]
method = "POST"
path = "/w"
form = { n = "${user} x" }
unique = "n"
writes = true
expect = { status = [200, 302], equals = "OK" }
)");
  const RunResult result = RunUntil(2, [](const auto&, std::size_t number) {
    return number == 0 ? Answer("failed") : Answer("OK", "", number == 1 ? "302 Found" : "200 OK");
  });
  EXPECT_EQ(Shown()[1], "POST /w n=1+x+%230123abcd-0000000002");
  EXPECT_EQ(result.ledger.Ids(Fate::kFailed), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(result.ledger.Ids(Fate::kAcknowledged), (std::vector<std::uint64_t>{2, 3}));
}

TEST_F(ScenarioRun, LongBodiesAreLookedAtWhole) {
  Use("[[task]]\npath = '/a'\nexpect = { contains = 'end' }\n");
  const RunResult result =
      RunUntil(1, [](const auto&, auto) { return Answer(std::string(100'000, 'x') + "end"); });
  EXPECT_EQ(result.stats.failures(), 0u);
}

TEST_F(ScenarioRun, CookiesComeBackFromTheUserWhoGotThem) {
  Use("cookies = true\n[[task]]\n[[task.step]]\npath = '/a/login'\n[[task.step]]\npath = "
      "'/a/x?y=1'\n"
      "[[task.step]]\npath = '/b'\n");
  RunUntil(3, [](const auto&, std::size_t number) {
    return number == 0 ? Answer("", "Set-Cookie: s=1\r\nset-cookie: t=2; Path=/\r\n") : Ok();
  });
  EXPECT_EQ(Header(0, "Cookie"), "");
  EXPECT_EQ(Header(1, "Cookie"), "s=1; t=2");
  EXPECT_EQ(Header(2, "Cookie"), "t=2");
  EXPECT_EQ(Header(3, "Cookie"), "s=1; t=2");
}

TEST_F(ScenarioRun, CookiesAreLeftAloneUnlessAskedFor) {
  Use("[[task]]\npath = '/'\n");
  RunUntil(1, [](const auto&, auto) { return Answer("", "Set-Cookie: s=1\r\n"); });
  EXPECT_EQ(Header(1, "Cookie"), "");
}

TEST_F(ScenarioRun, UsersOfEachKindDoTheirOwn) {
  Use(R"(
[[user]]
name = "reader"
weight = 3
[[user.task]]
path = "/read/${user}"
[[user]]
name = "admin"
count = 1
[[user.task]]
path = "/admin/${user}"
)");
  options_.users = 4;
  options_.spawn_rate = 4;
  RunUntil(400, [](const auto&, auto) { return Ok(); });
  const Texts shown = Shown();
  for (const char* path : {"GET /admin/1", "GET /read/2", "GET /read/3", "GET /read/4"}) {
    EXPECT_GE(std::count(shown.begin(), shown.end(), path), 1) << path;
  }
  for (const std::string& request : shown) {
    EXPECT_EQ(request.starts_with("GET /admin"), request.ends_with("/1")) << request;
  }
}

TEST_F(ScenarioRun, ASeedRepeatsAllDraws) {
  Use(R"(
[values]
item = { integer = [1, 1000], zipf = 1.1 }
word = { string = [3, 9] }
n = { counter = 1, per = "user" }
[[task]]
path = "/a/${item}"
[[task]]
path = "/b/${word}/${n}"
)");
  options_.seed = 3;
  RunUntil(30, [](const auto&, auto) { return Ok(); });
  const Texts first = Shown();
  RunUntil(30, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(first, Shown());
  options_.seed = 4;
  RunUntil(30, [](const auto&, auto) { return Ok(); });
  EXPECT_NE(first, Shown());
}

TEST_F(ScenarioRun, StagesStartAndRetireUsers) {
  Use("[[stage]]\nduration = '30ms'\nusers = 3\nspawn_rate = 1000\n[[stage]]\nduration = '30ms'\n"
      "users = 1\nspawn_rate = 1000\n[[stage]]\nduration = '60ms'\nusers = 2\nspawn_rate = 1000\n"
      "[[task]]\npath = '/${user}'\nwait = '1ms'\n");
  options_.run_time = milliseconds(120);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(connections_, 4u) << "three, two of whom retire, and one more";
  const Texts shown = Shown();
  const auto last = [&](const std::string& path) {
    return std::find(shown.rbegin(), shown.rend(), "GET " + path) - shown.rbegin();
  };
  EXPECT_LT(last("/1"), 6) << "the first one stays to the end";
  EXPECT_LT(last("/4"), 6);
  EXPECT_GT(last("/2"), last("/1"));
  EXPECT_GT(last("/3"), last("/1"));
  EXPECT_EQ(result.stats.failures(), 0u);
  EXPECT_EQ(result.unanswered, 0u);
}

TEST_F(ScenarioRun, EndsWhenAllUsersHaveRetired) {
  Use("[[stage]]\nduration = '10ms'\nusers = 2\nspawn_rate = 1000\n[[stage]]\nduration = '10ms'\n"
      "users = 0\nspawn_rate = 1000\n[[task]]\npath = '/'\n");
  options_.run_time = milliseconds(20);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  const RunResult result = Run(server);
  EXPECT_EQ(result.stats.requests() + result.late.requests, requests_.size());
  EXPECT_EQ(connections_, 2u);
}

TEST_F(ScenarioRun, WaitsAfterATaskAndNotBetweenItsSteps) {
  Use("wait = '1h'\n[[task]]\nwait = '20ms'\n[[task.step]]\npath = '/a'\n[[task.step]]\npath = "
      "'/b'\n[[task.step]]\npath = '/c'\n");
  options_.run_time = milliseconds(150);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  Run(server);
  EXPECT_GE(requests_.size(), 6u) << "an hour after no step";
  EXPECT_LE(requests_.size(), 24u) << "seven pauses in that time";
}

TEST_F(ScenarioRun, KeepsItsPaceHoweverLongATaskTakes) {
  Use("wait = { pace = '40ms' }\n[[task]]\n[[task.step]]\npath = '/a'\nwait = "
      "'25ms'\n[[task.step]]\n"
      "path = '/b'\n");
  options_.run_time = milliseconds(400);
  ScriptedServer server(loop_, [](const auto&, auto) { return Ok(); });
  Run(server);
  EXPECT_LE(requests_.size(), 22u) << "ten tasks in that time, and one that has begun";
  EXPECT_GE(requests_.size(), 8u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
