// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kApp = R"toml(
[statements]
insert = "INSERT INTO t (v) VALUES (:v)"
returning = "INSERT INTO t (v) VALUES (:v) RETURNING v"
twice = "SELECT :v AS v UNION ALL SELECT :v"
nothing = "SELECT :v AS v WHERE :v > 5"
[params.p]
v = { type = "integer", max = 99 }
[[endpoint]]
path = "/ok"
methods = ["POST"]
params = "p"
each = true
transaction = "immediate"
steps = ["insert"]
[[endpoint]]
path = "/rows"
methods = ["POST"]
params = "p"
each = true
transaction = "immediate"
steps = ["returning", "twice"]
respond = "rows"
[[endpoint]]
path = "/some"
methods = ["POST"]
params = "p"
each = true
transaction = "deferred"
steps = ["nothing"]
respond = "rows"
[[endpoint]]
path = "/none"
methods = ["POST"]
params = "p"
each = true
transaction = "immediate"
steps = ["insert"]
respond = "none"
)toml";

class Client {
 public:
  // "200 body"
  std::string Send(std::string_view path, std::string_view body) {
    const Reply& reply =
        client_.Send(RequestText(fmt::format("POST {}", path),
                                 "Accept: text/plain\r\nContent-Type: application/json\r\n", body));
    return fmt::format("{} {}", reply.status, reply.body);
  }

  std::string Values() {
    return Ask(*app_.connection,
               "SELECT coalesce(group_concat(v), '') FROM (SELECT v FROM t ORDER BY v)");
  }

  [[nodiscard]] const Exchange& exchange() const { return client_.exchange; }

 private:
  TestApp app_{kApp, "CREATE TABLE t (v INTEGER UNIQUE)"};
  AppClient client_{app_};
};

TEST(EndpointEach, RunsItsStepsForEachObject) {
  Client client;
  EXPECT_EQ(client.Send("/ok", R"([{"v":1},{"v":2}])"), "200 OK");
  EXPECT_EQ(client.Send("/none", R"([{"v":3}])"), "204 ");
  EXPECT_EQ(client.Send("/rows", R"([{"v":4},{"v":5}])"),
            R"(200 [{"v":4},{"v":4},{"v":5},{"v":5}])");
  EXPECT_EQ(client.Send("/rows", R"([{"v":6}])"), R"(200 [{"v":6},{"v":6}])");
  EXPECT_EQ(client.Values(), "1,2,3,4,5,6");
}

TEST(EndpointEach, HasTheRowsOfThoseThatHaveAny) {
  Client client;
  EXPECT_EQ(client.Send("/some", R"([{"v":1},{"v":6},{"v":2},{"v":7},{"v":3}])"),
            R"(200 [{"v":6},{"v":7}])");
  EXPECT_EQ(client.Send("/some", R"([{"v":1},{"v":2}])"), "200 []");
  EXPECT_EQ(client.Send("/some", R"([{"v":1}])"), "200 []");
}

TEST(EndpointEach, DoesNothingForAnEmptyArray) {
  Client client;
  EXPECT_EQ(client.Send("/ok", "[]"), "200 OK");
  EXPECT_EQ(client.Send("/rows", "[ ]"), "200 []");
  EXPECT_EQ(client.Send("/none", "[]"), "204 ");
  EXPECT_EQ(client.Values(), "");
}

TEST(EndpointEach, IsAllOrNothing) {
  Client client;
  EXPECT_TRUE(client.Send("/rows", R"([{"v":1},{"v":2},{"v":1}])").starts_with("409"));
  EXPECT_EQ(client.Values(), "");
  EXPECT_TRUE(client.Send("/ok", R"([{"v":1},{"v":100},{}])").starts_with("400"));
  EXPECT_EQ(Sentence(client.exchange().wrong_fields),
            "field '[1].v' must be at most 99; field '[2].v' is missing");
  EXPECT_EQ(client.Values(), "");
  EXPECT_EQ(client.Send("/ok", R"([{"v":1}])"), "200 OK");
  EXPECT_TRUE(client.exchange().wrong_fields.empty());
}

TEST(EndpointEach, TakesAnArrayAndNothingElse) {
  Client client;
  EXPECT_TRUE(client.Send("/ok", R"({"v":1})").starts_with("400"));
  EXPECT_TRUE(client.Send("/ok?v=1", "").starts_with("400"));
  EXPECT_EQ(client.Values(), "");
}

TEST(EndpointEach, KeepsNothingOfALargeRequestBeyondItsAnswer) {
  Client client;
  std::string body = R"([{"v":7,"x":")" + std::string(1U << 20U, 'x') + R"("}])";
  EXPECT_EQ(client.Send("/ok", body), "200 OK");
  EXPECT_TRUE(client.exchange().fields.empty());
}

}  // namespace
}  // namespace sqlicorn
