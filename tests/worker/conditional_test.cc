// SPDX-License-Identifier: MIT
// Answers that are not sent again, that come in parts, and that say what may be asked.
#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, version INTEGER);"
    "INSERT INTO t VALUES (1, 'a', 7), (2, 'b c', 8), (3, 'd', 9), (4, 'e', 9), (5, 'f', NULL)";

constexpr const char* kStatements = R"toml(
[statements]
one = "SELECT id, v, version FROM t WHERE id = :id"
all = "SELECT id, v FROM t ORDER BY id LIMIT :limit OFFSET :offset"
behind = "SELECT id, v FROM t WHERE v > :after ORDER BY v LIMIT :limit"
change = "UPDATE t SET v = v || '!' WHERE id = :id RETURNING v"
[params.p]
id = { type = "integer", default = 1 }
limit = { type = "integer", nullable = true }
offset = { type = "integer", default = 0, name = "from" }
after = { type = "text", default = "" }
[[endpoint]]
path = "/x/"
params = "p"
)toml";

class Endpoint {
 public:
  explicit Endpoint(const std::string& rest) : app(kStatements + rest + "\n", kSchema) {}

  const Reply& Send(const std::string& line, const std::string& fields = "") {
    return client.Send(RequestText(line, fields));
  }

  [[nodiscard]] std::string Header(std::string_view name) const {
    for (const HeaderView& header : client.exchange.reply.headers) {
      if (header.name == name) {
        return std::string(header.value);
      }
    }
    return "";
  }

  TestApp app;
  AppClient client{app};
};

TEST(EntityTags, SpareAnAnswerThatTheClientHas) {
  Endpoint endpoint(
      "steps = [\"one\"]\nrespond = { as = \"row\", etag = \"body\", headers = { "
      "Cache-Control = \"no-cache\" } }");
  EXPECT_EQ(endpoint.Send("GET /x/").status, 200);
  const std::string tag = endpoint.Header("ETag");
  EXPECT_EQ(tag.size(), 18U) << tag;
  const Reply& again = endpoint.Send("GET /x/", "If-None-Match: \"x\", " + tag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.content_type, "");
  EXPECT_EQ(endpoint.Header("ETag"), tag);
  EXPECT_EQ(endpoint.Header("Cache-Control"), "no-cache");
  EXPECT_EQ(endpoint.Send("HEAD /x/", "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(endpoint.Send("GET /x/?id=2", "If-None-Match: " + tag + "\r\n").status, 200);
  Must(*endpoint.app.connection, "UPDATE t SET v = 'changed'");
  EXPECT_EQ(endpoint.Send("GET /x/", "If-None-Match: " + tag + "\r\n").status, 200);
  EXPECT_EQ(endpoint.app.worker_counters.answers[3], 2U);
}

TEST(EntityTags, MayBeAColumn) {
  Endpoint endpoint("steps = [\"one\"]\nrespond = { as = \"row\", etag = \"version\" }");
  EXPECT_EQ(endpoint.Send("GET /x/").status, 200);
  EXPECT_EQ(endpoint.Header("ETag"), "W/\"7\"");
  EXPECT_EQ(endpoint.Send("GET /x/", "If-None-Match: \"7\"\r\n").status, 304);
  EXPECT_EQ(endpoint.Send("GET /x/?id=5", "If-None-Match: *\r\n").status, 200) << "it is NULL";
  EXPECT_EQ(endpoint.Send("GET /x/?id=9", "If-None-Match: *\r\n").status, 404);
}

TEST(EntityTags, DoNotStopWrites) {
  Endpoint endpoint(
      "methods = [\"POST\"]\ntransaction = \"default\"\nsteps = [\"change\"]\n"
      "respond = { as = \"row\", etag = \"body\" }");
  EXPECT_EQ(endpoint.Send("POST /x/", "If-None-Match: *\r\n").status, 200);
  EXPECT_EQ(endpoint.Header("ETag"), "");
}

TEST(Pages, AreLinkedByTheirOffset) {
  Endpoint endpoint(
      "steps = [\"all\"]\nrespond = { as = \"rows\", page = { limit = \"limit\", max = "
      "3, offset = \"offset\" } }");
  EXPECT_EQ(endpoint.Send("GET /x/?limit=2").body, R"([{"id":1,"v":"a"},{"id":2,"v":"b c"}])");
  EXPECT_EQ(endpoint.Header("Link"), "</x/?limit=2&from=2>; rel=\"next\"");
  EXPECT_EQ(endpoint.Send("GET /x/?limit=2&from=4").body, R"([{"id":5,"v":"f"}])");
  EXPECT_EQ(endpoint.Header("Link"), "");
  for (const char* query : {"", "?limit=4", "?limit=-1"}) {
    const std::string& rows = endpoint.Send(std::string("GET /x/") + query).body;
    EXPECT_EQ(std::count(rows.begin(), rows.end(), '{'), 3) << query;
  }
  EXPECT_EQ(endpoint.Send("GET /x/?limit=0").body, "[]");
  EXPECT_EQ(endpoint.Header("Link"), "");
}

TEST(Pages, AreLinkedByTheLastKey) {
  Endpoint endpoint(
      "steps = [\"behind\"]\nrespond = { as = \"rows\", page = { limit = \"limit\", key "
      "= \"v\", after = \"after\" } }");
  endpoint.Send("GET /x/?limit=2");
  EXPECT_EQ(endpoint.Header("Link"), "</x/?limit=2&after=b%20c>; rel=\"next\"");
  EXPECT_EQ(endpoint.Send("GET /x/?limit=2&after=b%20c").body,
            R"([{"id":3,"v":"d"},{"id":4,"v":"e"}])");
}

TEST(Options, SayWhatAPathTakes) {
  Endpoint endpoint("steps = [\"one\"]");
  const Reply& reply = endpoint.Send("OPTIONS /x/");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(endpoint.Header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(endpoint.Send("OPTIONS /nowhere").status, 404);
}

TEST(WrongPage, NamesWhatIsMeant) {
  const std::pair<const char*, const char*> rows[] = {
      {"page = { limit = \"limt\", offset = \"offset\" }",
       "respond.page names 'limt', which is no field of the request (did you mean 'limit'?)"},
      {"page = { limit = \"limit\", key = \"w\", after = \"after\" }",
       "respond.page.key names 'w', which is no column of the answering step"},
  };
  const auto connection = OpenDatabase(":memory:");
  Must(*connection, kSchema);
  for (const auto& [page, fault] : rows) {
    const ServerConfig config =
        ConfigOf(fmt::format("database.path = \"t.db\"\n{}steps = [\"behind\"]\nrespond = {{ as = "
                             "\"rows\", {} }}\n",
                             kStatements, page),
                 "/");
    const auto plans = PlanSet::Compile(*connection, config);
    ASSERT_FALSE(plans) << page;
    EXPECT_NE(plans.error().message.find(fault), std::string::npos) << plans.error().message;
  }
}

}  // namespace
}  // namespace sqlicorn
