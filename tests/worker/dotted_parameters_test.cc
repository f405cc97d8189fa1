// SPDX-License-Identifier: MIT
#include "worker/sqlite/dotted_parameters.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

// With "~" for a dot that is hidden.
std::string Hidden(std::string_view sql) {
  std::string text = HideDots(sql);
  EXPECT_EQ(ShowDots(text), sql);
  for (std::size_t at = text.find("\xEE\x80\xAE"); at != std::string::npos;
       at = text.find("\xEE\x80\xAE", at)) {
    text.replace(at, 3, "~");
  }
  return text;
}

TEST(HideDots, HidesThoseOfParametersAlone) {
  const std::pair<const char*, const char*> rows[] = {
      {"SELECT :created.id", "SELECT :created~id"},
      {"SELECT @a.b, $a.b,:a.b", "SELECT @a~b, $a~b,:a~b"},
      {"VALUES(:item.name,:item.x_1)", "VALUES(:item~name,:item~x_1)"},
      {"SELECT t.id, \"t\".\"id\", main.t.id FROM t",
       "SELECT t.id, \"t\".\"id\", main.t.id FROM t"},
      {"SELECT ':a.b', 'it''s :a.b'", "SELECT ':a.b', 'it''s :a.b'"},
      {"SELECT 'x'':a.b' || :a.b", "SELECT 'x'':a.b' || :a~b"},
      {"SELECT \":a.b\", [:a.b], `:a.b`", "SELECT \":a.b\", [:a.b], `:a.b`"},
      {"SELECT \"a\"\":c.d\" || :a.b", "SELECT \"a\"\":c.d\" || :a~b"},
      {"-- :a.b\nSELECT :a.b", "-- :a.b\nSELECT :a~b"},
      {"/* :a.b\n */ SELECT :a.b /* :c.d", "/* :a.b\n */ SELECT :a~b /* :c.d"},
      {"SELECT 5-:a.b, 6/:a.b", "SELECT 5-:a~b, 6/:a~b"},
      {"SELECT a$:b.c", "SELECT a$:b~c"},
      {"SELECT a$b.c", "SELECT a$b.c"},
      {"SELECT ?1.5, :a.5, :a .b", "SELECT ?1.5, :a.5, :a .b"},
      {"SELECT :a.b.c", "SELECT :a~b.c"},
      {"SELECT :\xC3\xA4.\xC3\xB6", "SELECT :\xC3\xA4~\xC3\xB6"},
      {"SELECT 'open :a.b", "SELECT 'open :a.b"},
      {"SELECT [open :a.b", "SELECT [open :a.b"},
      {"SELECT :", "SELECT :"},
      {"SELECT x ->> '$.a.b', y -> '$.c'", "SELECT x ->> '$.a.b', y -> '$.c'"},
      {"", ""},
  };
  for (const auto& [sql, hidden] : rows) {
    EXPECT_EQ(Hidden(sql), hidden);
  }
}

TEST(HideDots, MakesWhatSqliteTakesAndLeavesPlacesWhereTheyAre) {
  const auto connection = OpenDatabase(":memory:");
  const auto statement = connection->Prepare(HideDots("SELECT :created.id + :n"));
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(ShowDots(statement->parameter_name(1)), "created.id");
  EXPECT_EQ(statement->parameter_name(2), "n");
  const auto wrong = connection->Prepare(HideDots("SELECT :created.id FROM nowhere.x"));
  EXPECT_EQ(ShowDots(wrong.error().message), "no such table: nowhere.x");
  const auto near = connection->Prepare(HideDots("SELECT :created.id, nope"));
  EXPECT_EQ(ShowDots(near.error().message), "no such column: nope (at 1:21 of the SQL)");
}

}  // namespace
}  // namespace sqlicorn
