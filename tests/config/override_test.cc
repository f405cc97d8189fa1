// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "common/config/value.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

const Value kFive{Place{"--set k"}, std::int64_t{5}};

TEST(ApplyOverride, ReplacesAValueInItsPlace) {
  Value root = Toml("[server]\nworkers = 1\ntimeout = 30\n");
  ASSERT_TRUE(ApplyOverride(root, "server.workers", kFive));
  const auto& server = std::get<Table>(Member(root, "server").data);
  EXPECT_EQ(server.at(0).key, "workers");
  EXPECT_EQ(std::get<std::int64_t>(server.at(0).value.data), 5);
  EXPECT_EQ(server.at(0).value.place.ToString(), "--set k");
  EXPECT_EQ(server.size(), 2U);
}

TEST(ApplyOverride, MakesTheTablesOnTheWay) {
  Value root = Toml("");
  ASSERT_TRUE(ApplyOverride(root, "a.b.c", kFive));
  EXPECT_EQ(std::get<std::int64_t>(Member(Member(Member(root, "a"), "b"), "c").data), 5);
}

TEST(ApplyOverride, KeepsDotsInsideQuotes) {
  Value root = Toml("");
  ASSERT_TRUE(ApplyOverride(root, R"(params."a.b".'c.d')", kFive));
  EXPECT_EQ(std::get<std::int64_t>(Member(Member(Member(root, "params"), "a.b"), "c.d").data), 5);
}

TEST(ApplyOverride, RefusesAWayThroughSomethingElse) {
  Value root = Toml("[server]\nworkers = 1\n[[endpoint]]\n");
  EXPECT_EQ(ErrorOf(ApplyOverride(root, "server.workers.x", kFive)),
            "--set k: cannot set server.workers.x: server.workers (t.toml:2:1) is the integer 1, "
            "not a table");
  EXPECT_EQ(ErrorOf(ApplyOverride(root, "endpoint.path", kFive)),
            "--set k: cannot set endpoint.path: endpoint (t.toml:3:3) is a list, not a table");
}

TEST(ApplyOverride, RefusesMalformedKeys) {
  for (const std::string key : {"", ".", "a.", ".a", "a..b", "a.\"b", "\"a\"b", "a\"b\""}) {
    Value root = Toml("");
    EXPECT_EQ(ErrorOf(ApplyOverride(root, key, kFive)),
              "--set k: '" + key +
                  "' is not a key; write table.name, with quotes around a name that holds a dot");
  }
}

}  // namespace
}  // namespace sqlicorn
