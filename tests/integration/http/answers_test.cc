// SPDX-License-Identifier: MIT
// What endpoints answer with, as a client sees it.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/support/matches.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS link (code TEXT PRIMARY KEY, url TEXT NOT NULL CHECK (url <> ''));
CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY, type TEXT, octets BLOB);
INSERT OR IGNORE INTO file VALUES (1, 'image/png', x'89504E470D0A1A0A00');
CREATE TABLE IF NOT EXISTS big (i INTEGER PRIMARY KEY, t TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT OR IGNORE INTO big SELECT i, 'text, "' || i FROM n;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(t);
)sql";

constexpr const char* kConfig = R"toml(
[server]
workers = 1
[database]
schema = ["answers.sql"]
[database.pragmas]
journal_mode = "wal"
[statements]
add_link = "INSERT INTO link VALUES (:code, :url) RETURNING code"
find_link = "SELECT url FROM link WHERE code = :code"
drop_link = "DELETE FROM link WHERE code = :code"
file = "SELECT octets, type FROM file WHERE id = :id"
big = "SELECT i, t FROM big"
search = "SELECT t FROM words WHERE words MATCH :code"
[params.link]
code = { type = "text" }
url = { type = "text", default = "http://example.org/" }
[params.code]
code = { type = "text" }
[params.id]
id = { type = "integer" }
[[endpoint]]
path = "/links"
methods = ["POST"]
params = "link"
transaction = "default"
steps = ["add_link"]
respond = { as = "row", status = 201, headers = { Location = "/go?code={code}" } }
[[endpoint]]
path = "/links"
methods = ["DELETE"]
params = "code"
transaction = "default"
steps = ["drop_link"]
respond = "none"
[[endpoint]]
path = "/go"
params = "code"
steps = ["find_link"]
respond = "redirect"
[[endpoint]]
path = "/link"
params = "code"
steps = ["find_link"]
respond = "row"
[[endpoint]]
path = "/file"
params = "id"
steps = ["file"]
respond = { as = "value", content_type_column = "type", headers = { Cache-Control = "max-age=60" } }
[[endpoint]]
path = "/big"
steps = ["big"]
respond = "rows"
[[endpoint]]
path = "/search"
params = "code"
steps = ["search"]
respond = "rows"
)toml";

std::string With(std::string request, std::string_view line) {
  return request.insert(request.find("\r\n") + 2, std::string(line) + "\r\n");
}

class Answers : public testing::Test {
 protected:
  Answers() {
    EXPECT_TRUE(WriteFile(site_.dir().File("answers.sql"), kSchema));
    site_.StartWith({.config = kConfig}, 1);
  }

  HttpAnswer Ask(const std::string& request) {
    return RawClient(site_.server().port()).Ask(request);
  }

  Site site_;
};

TEST_F(Answers, MakeAUrlShortener) {
  const HttpAnswer created = Ask(PostForm("/links", "code=a%20b&url=http%3A%2F%2Fx.org%2F%C3%A4"));
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.Header("Location"), "/go?code=a%20b");
  EXPECT_EQ(created.body, R"({"code":"a b"})");
  const HttpAnswer gone = Ask(Get(created.Header("Location")));
  EXPECT_EQ(gone.status, 302);
  EXPECT_EQ(gone.Header("Location"), "http://x.org/%C3%A4");
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(Ask(Get("/link?code=a%20b")).body, "{\"url\":\"http://x.org/\xC3\xA4\"}");
  EXPECT_EQ(Ask(Get("/go?code=nope")).status, 404);
  RawClient client(site_.server().port());
  const HttpAnswer deleted = client.Ask("DELETE /links?code=a%20b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.Header("Content-Length"), "");
  EXPECT_EQ(client.Ask(Get("/link?code=a%20b")).status, 404) << "the connection lives on";
}

TEST_F(Answers, ServeABlobAsItIs) {
  const HttpAnswer file = Ask(Get("/file?id=1"));
  EXPECT_EQ(file.Header("Content-Type"), "image/png");
  EXPECT_EQ(file.Header("Cache-Control"), "max-age=60");
  EXPECT_EQ(file.body, std::string("\x89PNG\r\n\x1A\n\0", 9));
  EXPECT_EQ(Ask(Get("/file?id=2")).status, 404);
}

TEST_F(Answers, StreamCsvAndLines) {
  const HttpAnswer csv = Ask(With(Get("/big"), "Accept: text/csv"));
  EXPECT_EQ(csv.Header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(csv.Header("Transfer-Encoding"), "chunked");
  EXPECT_TRUE(csv.body.starts_with("i,t\r\n1,\"text, \"\"1\"\r\n")) << csv.body.substr(0, 50);
  EXPECT_TRUE(csv.body.ends_with("\r\n20000,\"text, \"\"20000\"\r\n"));
  EXPECT_EQ(std::count(csv.body.begin(), csv.body.end(), '\n'), 20001);
  const HttpAnswer lines = Ask(With(Get("/big"), "Accept: application/x-ndjson"));
  EXPECT_EQ(lines.Header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 20000);
  EXPECT_TRUE(lines.body.ends_with("{\"i\":20000,\"t\":\"text, \\\"20000\"}\n"));
}

TEST_F(Answers, AreProblemsOfRfc9457FromEveryStage) {
  Ask(PostForm("/links", "code=twice"));
  const std::string line(9000, 'x');
  const std::pair<std::string, int> rows[] = {
      {"GET /link?code=x HTTP/1.1\r\n\r\n", 400},
      {"GET /" + line + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
      {"BREW /link HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", 413},
      {Get("/nowhere"), 404},
      {Get("/links"), 405},
      {Get("/link"), 400},
      {With(PostForm("/links", "code=a"), "Content-Encoding: gzip"), 415},
      {PostForm("/links", "code=twice"), 409},
      {PostForm("/links", "code=b&url="), 409},
      {Get("/search?code=%22"), 400},
      {Get("/link?code=nope"), 404},
  };
  for (const auto& [request, status] : rows) {
    const HttpAnswer answer = Ask(request);
    EXPECT_EQ(answer.status, status) << request.substr(0, 60);
    EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json") << answer.head;
    const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
    EXPECT_EQ(problem.value("status", 0), status) << answer.body;
    EXPECT_FALSE(problem.value("title", "").empty()) << answer.body;
    EXPECT_EQ(answer.body.find("SELECT"), std::string::npos);
    EXPECT_EQ(answer.body.find(site_.dir().path()), std::string::npos);
    EXPECT_EQ(answer.body.find("<>"), std::string::npos) << "the text of a CHECK: " << answer.body;
  }
  EXPECT_FALSE(site_.server().LogHas("[ERROR]")) << site_.server().log();
}

TEST_F(Answers, AreTextOrAPageForWhoPrefersThat) {
  EXPECT_EQ(Ask(With(Get("/nowhere"), "Accept: text/plain")).body, "Not Found\n");
  const HttpAnswer page = Ask(With(Get("/nowhere"), "Accept: text/html,*/*;q=0.8"));
  EXPECT_EQ(page.Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("<h1>"), std::string::npos);
}

}  // namespace
}  // namespace sqlicorn
