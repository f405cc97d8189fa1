// SPDX-License-Identifier: MIT
#include <map>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"

namespace sqlicorn {
namespace {

constexpr const char* kForm =
    "name=Name+0&campaign=Campaign+0&voice=Voice+0&recognize=Recognize+0&inside=0.5&"
    "growth=Growth+0&side=2&yard=Yard+0&discussion=Discussion%200";
constexpr const char* kJson =
    R"({"name":"Name 0","campaign":"Campaign 0","voice":"Voice 0","recognize":"Recognize 0",)"
    R"("inside":0.5,"growth":"Growth 0","side":2,"yard":"Yard 0","discussion":"Discussion 0"})";
constexpr const char* kStoredRow =
    "SELECT name, campaign, voice, recognize, inside, growth, side, yard, discussion FROM row";
constexpr const char* kRow =
    "Name 0|Campaign 0|Voice 0|Recognize 0|0.5|Growth 0|2.0|Yard 0|Discussion 0";

// Path, and whether it inserts a row.
const std::map<std::string, bool> kSeedEndpoints = {{"/read/", false},
                                                    {"/read_transaction/", false},
                                                    {"/write/", true},
                                                    {"/read_write/", true},
                                                    {"/write_read/", true},
                                                    {"/read_write_transaction/", true},
                                                    {"/write_read_transaction/", true},
                                                    {"/read_write_transaction_immediate/", true}};

void ExpectOk(const HttpAnswer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, "OK");
}

TEST(Server, IsOneMasterAndItsWorkers) {
  Site site;
  ServerProcess& server = site.Start({"-w", "3"}, 3);
  EXPECT_EQ(server.alive().size(), 4U);
  EXPECT_EQ(RawClient(server.port()).Ask(Get("/count/")).body, R"([{"notes":0}])");
}

TEST(Server, WritesItsPidFileAndRemovesIt) {
  Site site;
  ServerProcess& server = site.Start({"-p", site.dir().File("pid")});
  EXPECT_EQ(std::filesystem::file_size(site.dir().File("pid")),
            fmt::format("{}\n", server.pid()).size());
  server.Signal(SIGTERM);
  EXPECT_EQ(server.WaitForEnd(), "exit 0");
  EXPECT_FALSE(site.dir().Has("pid"));
}

TEST(SeedEndpoints, AnswerGetWithDefaults) {
  Site site;
  ServerProcess& server = site.StartShipped();
  RawClient client(server.port());
  for (const auto& [path, writes] : kSeedEndpoints) {
    SCOPED_TRACE(path);
    ExpectOk(client.Ask(Get(path)));
  }
  EXPECT_EQ(site.Ask("SELECT count(*) FROM row"), "6");
  EXPECT_EQ(site.Ask(kStoredRow), "||||0.0||0.0||");
}

TEST(SeedEndpoints, StoreTheNineFieldsOfAForm) {
  Site site;
  ServerProcess& server = site.StartShipped();
  for (const auto& [path, writes] : kSeedEndpoints) {
    SCOPED_TRACE(path);
    ExpectOk(RawClient(server.port()).Ask(PostForm(path, kForm)));
    EXPECT_EQ(site.Ask(kStoredRow), writes ? kRow : "");
    SqliteFile(site.database_path()).Run("DELETE FROM row");
  }
}

TEST(SeedEndpoints, StoreTheFieldsOfAJsonObject) {
  Site site;
  ServerProcess& server = site.StartShipped();
  const std::string request = fmt::format(
      "POST /write/ HTTP/1.1\r\nHost: test\r\nContent-Type: application/json; charset=utf-8\r\n"
      "Content-Length: {}\r\n\r\n{}",
      std::string_view(kJson).size(), kJson);
  ExpectOk(RawClient(server.port()).Ask(request));
  EXPECT_EQ(site.Ask(kStoredRow), kRow);
}

TEST(SeedEndpoints, StoreTheFieldsOfAQueryString) {
  Site site;
  ServerProcess& server = site.StartShipped();
  ExpectOk(RawClient(server.port()).Ask(Get(std::string("/write/?") + kForm)));
  EXPECT_EQ(site.Ask(kStoredRow), kRow);
}

TEST(SeedEndpoints, StoreEachValueAsItsColumnsType) {
  Site site;
  ServerProcess& server = site.StartShipped();
  ExpectOk(RawClient(server.port()).Ask(PostForm("/write/", "name=1&inside=3&side=1e3")));
  EXPECT_EQ(site.Ask("SELECT typeof(id), typeof(name), typeof(inside), side FROM row"),
            "integer|text|real|1000.0");
}

TEST(SeedEndpoints, RefuseAFieldOfTheWrongType) {
  Site site;
  ServerProcess& server = site.StartShipped();
  RawClient client(server.port());
  const HttpAnswer answer = client.Ask(PostForm("/write/", "inside=wide"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json");
  EXPECT_NE(answer.body.find(R"("detail":"field 'inside' must be a number")"), std::string::npos)
      << answer.body;
  EXPECT_EQ(site.Ask("SELECT count(*) FROM row"), "0");
  ExpectOk(client.Ask(Get("/read/")));
}

}  // namespace
}  // namespace sqlicorn
