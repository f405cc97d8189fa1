// SPDX-License-Identifier: MIT
// What endpoints answer with, from their definition to the reply.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE issue (id INTEGER PRIMARY KEY, title TEXT NOT NULL, tags TEXT, size INTEGER);
INSERT INTO issue VALUES (1, 'one', '["a", "b"]', 9007199254740993), (2, 'two', 'none', 2);
CREATE TABLE file (id INTEGER PRIMARY KEY, type TEXT, octets BLOB);
INSERT INTO file VALUES (1, 'image/png', x'89504E47'), (2, NULL, x'00'), (3, 'text/x', NULL);
CREATE TABLE link (code TEXT PRIMARY KEY, url TEXT);
INSERT INTO link VALUES ('a', 'http://example.org/ä b?q=%20#x'), ('none', NULL);
)sql";

// One endpoint, /x/, of one statement with the fields :id and :q, and `rest` of its definition.
class Endpoint {
 public:
  explicit Endpoint(const std::string& sql, const std::string& rest)
      : app_(fmt::format("[statements]\ns = '''{}'''\n[params.p]\n"
                         "id = {{ type = \"integer\", default = 1 }}\n"
                         "q = {{ type = \"text\", nullable = true }}\n"
                         "[[endpoint]]\npath = \"/x/\"\nmethods = [\"GET\", \"POST\"]\n"
                         "params = \"p\"\ntransaction = \"default\"\nsteps = [\"s\"]\n{}\n",
                         sql, rest),
             kSchema) {}

  const Reply& Get(const std::string& query = "", const std::string& fields = "") {
    return client_.Send(RequestText("GET /x/" + query, fields));
  }

  [[nodiscard]] std::string Header(std::string_view name) const {
    for (const HeaderView& header : client_.exchange.reply.headers) {
      if (header.name == name) {
        return std::string(header.value);
      }
    }
    return "";
  }

  TestApp& app() { return app_; }

 private:
  TestApp app_;
  AppClient client_{app_};
};

TEST(Answer, RowIsTheFirstAsAnObject) {
  Endpoint endpoint("SELECT id, title FROM issue WHERE id >= :id", "respond = \"row\"");
  const Reply& reply = endpoint.Get();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, R"({"id":1,"title":"one"})");
}

TEST(Answer, RowThatIsNotThereIs404WithoutALineInTheLog) {
  Endpoint endpoint("SELECT id FROM issue WHERE id = :id", "respond = \"row\"");
  ASSERT_TRUE(SetLogTarget(endpoint.app().directory.File("log")));
  const Reply& reply = endpoint.Get("?id=7");
  ASSERT_TRUE(SetLogTarget("-"));
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  EXPECT_EQ(ReadFile(endpoint.app().directory.File("log")).value(), "");
}

TEST(Answer, MissingIsTheStatusOfTheDefinition) {
  Endpoint endpoint("SELECT id FROM issue WHERE id = :id",
                    "respond = { as = \"row\", missing = 410 }");
  EXPECT_EQ(endpoint.Get("?id=7").status, 410);
}

TEST(Answer, WithoutARowUndoesWhatWasWritten) {
  TestApp app(
      "[statements]\nadd = \"INSERT INTO issue (title) VALUES ('x')\"\n"
      "find = \"SELECT id FROM issue WHERE id = 99\"\n"
      "[[endpoint]]\npath = \"/x/\"\nmethods = [\"POST\"]\ntransaction = \"immediate\"\n"
      "steps = [\"add\", \"find\"]\nrespond = \"row\"\n",
      kSchema);
  AppClient client(app);
  EXPECT_EQ(client.Send(RequestText("POST /x/")).status, 404);
  EXPECT_EQ(Ask(*app.connection, "SELECT count(*) FROM issue"), "2");
}

TEST(Answer, ValueIsTheFirstColumnAsItIs) {
  Endpoint text("SELECT title FROM issue WHERE id = :id", "respond = \"value\"");
  EXPECT_EQ(text.Get().body, "one");
  EXPECT_EQ(text.Get().content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(text.Header("X-Content-Type-Options"), "nosniff");
  Endpoint fixed("SELECT title FROM issue WHERE id = :id",
                 "respond = { as = \"value\", content_type = \"image/svg+xml\" }");
  EXPECT_EQ(fixed.Get().content_type, "image/svg+xml");
  Endpoint number("SELECT size FROM issue WHERE id = :id", "respond = \"value\"");
  EXPECT_EQ(number.Get().body, "9007199254740993");
}

TEST(Answer, BlobIsServedWithTheTypeOfAColumn) {
  Endpoint blob("SELECT octets, type FROM file WHERE id = :id",
                "respond = { as = \"value\", content_type_column = \"type\" }");
  EXPECT_EQ(blob.Get().body, "\x89PNG");
  EXPECT_EQ(blob.Get().content_type, "image/png");
  EXPECT_EQ(blob.Get("?id=2").body, std::string(1, '\0'));
  EXPECT_EQ(blob.Get("?id=2").content_type, "application/octet-stream") << "the column is NULL";
  EXPECT_EQ(blob.Get("?id=3").status, 404) << "NULL is no value";
  EXPECT_EQ(blob.Get("?id=4").status, 404);
}

TEST(Answer, NoneHasNoBody) {
  Endpoint endpoint("DELETE FROM issue WHERE id = :id", "respond = \"none\"");
  EXPECT_EQ(endpoint.Get().status, 204);
  EXPECT_EQ(endpoint.Get().body, "");
  EXPECT_EQ(endpoint.Get().content_type, "");
}

TEST(Answer, RedirectGoesWhereTheColumnSays) {
  Endpoint endpoint("SELECT url FROM link WHERE code = :q", "respond = \"redirect\"");
  EXPECT_EQ(endpoint.Get("?q=a").status, 302);
  EXPECT_EQ(endpoint.Header("Location"), "http://example.org/%C3%A4%20b?q=%20#x");
  EXPECT_EQ(endpoint.Get("?q=b").status, 404);
  EXPECT_EQ(endpoint.Get("?q=none").status, 404) << "NULL is no place";
  Endpoint named("SELECT 1 AS n, '/y' AS location",
                 "respond = { as = \"redirect\", status = 308 }");
  EXPECT_EQ(named.Get().status, 308);
  EXPECT_EQ(named.Header("Location"), "/y");
}

TEST(Answer, HeadersAreMadeOfColumnsAndFields) {
  Endpoint endpoint(
      "INSERT INTO issue (title) VALUES (:q) RETURNING id, title",
      "respond = { as = \"row\", status = 201, headers = { Location = \"/issues/{id}/{title}\", "
      "\"X-Asked\" = \"{q}; {{brace}}\", \"Cache-Control\" = \"no-store\" } }");
  EXPECT_EQ(endpoint.Get("?q=a%2Fb%0D%0AX:y").status, 201);
  EXPECT_EQ(endpoint.Header("Location"), "/issues/3/a%2Fb%0D%0AX%3Ay");
  EXPECT_EQ(endpoint.Header("X-Asked"), "a/b  X:y; {brace}") << "no line of its own";
  EXPECT_EQ(endpoint.Header("Cache-Control"), "no-store");
}

TEST(Answer, HeaderWithANullIsNotSent) {
  Endpoint endpoint(
      "SELECT NULL AS n",
      "respond = { as = \"row\", headers = { \"X-N\" = \"a{n}\", \"X-Q\" = \"{q}\" } }");
  EXPECT_EQ(endpoint.Get().status, 200);
  EXPECT_EQ(endpoint.Header("X-N"), "");
  EXPECT_EQ(endpoint.Header("X-Q"), "");
}

TEST(Answer, JsonColumnsAreJson) {
  Endpoint endpoint("SELECT id, tags FROM issue",
                    "respond = { as = \"rows\", json_columns = [\"tags\"] }");
  EXPECT_EQ(endpoint.Get().body, R"([{"id":1,"tags":["a", "b"]},{"id":2,"tags":"none"}])");
}

TEST(Answer, BigIntegersAreStringsOnRequest) {
  Endpoint endpoint("SELECT size FROM issue UNION ALL SELECT -9007199254740992",
                    "respond = { as = \"rows\", big_integers = \"string\" }");
  EXPECT_EQ(endpoint.Get().body,
            R"([{"size":"9007199254740993"},{"size":2},{"size":-9007199254740992}])");
}

TEST(Answer, RowsAreWhatTheClientPrefers) {
  Endpoint endpoint("SELECT id, title, NULL AS n, '' AS e, 'a\"b,c' AS t, x'00FF' AS b FROM issue",
                    "respond = \"rows\"");
  EXPECT_EQ(
      endpoint.Get("", "Accept: text/csv\r\n").body,
      "id,title,n,e,t,b\r\n1,one,,\"\",\"a\"\"b,c\",AP8=\r\n2,two,,\"\",\"a\"\"b,c\",AP8=\r\n");
  EXPECT_EQ(endpoint.Get("", "Accept: text/csv\r\n").content_type, "text/csv; charset=utf-8");
  const Reply& lines = endpoint.Get("", "Accept: application/x-ndjson\r\n");
  EXPECT_EQ(lines.content_type, "application/x-ndjson");
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 2);
  EXPECT_TRUE(nlohmann::json::accept(lines.body.substr(0, lines.body.find('\n')))) << lines.body;
}

TEST(Answer, CsvWithoutRowsHasTheNames) {
  Endpoint endpoint("SELECT id, title AS \"a,b\" FROM issue WHERE id = :id", "respond = \"rows\"");
  EXPECT_EQ(endpoint.Get("?id=9", "Accept: text/csv\r\n").body, "id,\"a,b\"\r\n");
}

TEST(Answer, RaiseHasTheStatusOfTheDefinition) {
  constexpr const char* kTrigger =
      "CREATE TRIGGER closed BEFORE DELETE ON issue BEGIN SELECT RAISE(ABORT, 'it is closed'); END";
  Endpoint endpoint("DELETE FROM issue WHERE id = :id", "respond = \"none\"\nraise_status = 422");
  Must(*endpoint.app().connection, kTrigger);
  const Reply& reply = endpoint.Get();
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(nlohmann::json::parse(reply.body)["detail"],
            "it is closed (SQLITE_CONSTRAINT_TRIGGER)");
}

// What does not fit the statement is found at the start.
TEST(WrongAnswer, NamesTheEndpointAndWhatIsMeant) {
  const std::pair<const char*, const char*> rows[] = {
      {"respond = { as = \"value\", content_type_column = \"typ\" }",
       "respond.content_type_column names 'typ', which is no column of the answering step (did you "
       "mean 'type'?)"},
      {"respond = { as = \"rows\", json_columns = [\"nope\"] }",
       "respond.json_columns names 'nope', which is no column of the answering step"},
      {"respond = { as = \"row\", etag = \"nope\" }",
       "respond.etag names 'nope', which is no column of the answering step"},
      {"respond = { as = \"row\", headers = { X = \"{idd}\" } }",
       "respond.headers: 'X' names {idd}, which is neither a column of the answering step nor a "
       "field of the request (did you mean 'id'?)"},
      {"respond = \"redirect\"",
       "a redirect needs the column 'location', or one column alone: where to go"},
  };
  const auto connection = OpenDatabase(":memory:");
  Must(*connection, kSchema);
  for (const auto& [respond, fault] : rows) {
    const ServerConfig config = ConfigOf(
        fmt::format("database.path = \"t.db\"\n[statements]\ns = \"SELECT id, type FROM file\"\n"
                    "[[endpoint]]\npath = \"/x/\"\nmethods = [\"GET\"]\nsteps = [\"s\"]\n{}\n",
                    respond),
        "/");
    const auto plans = PlanSet::Compile(*connection, config);
    ASSERT_FALSE(plans) << respond;
    EXPECT_NE(plans.error().message.find(fmt::format("endpoint '/x/': {}", fault)),
              std::string::npos)
        << plans.error().message;
  }
}

}  // namespace
}  // namespace sqlicorn
