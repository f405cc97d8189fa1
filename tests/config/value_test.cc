// SPDX-License-Identifier: MIT
#include "common/config/value.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

TEST(Place, ShowsLineAndColumnWhereThereAreAny) {
  EXPECT_EQ((Place{"etc/a.toml", 12, 5}).ToString(), "etc/a.toml:12:5");
  EXPECT_EQ((Place{"--set database.timeout"}).ToString(), "--set database.timeout");
}

TEST(FindMember, FindsByExactName) {
  const Value root = Toml("a = 1\nb = 2");
  EXPECT_EQ(std::get<std::int64_t>(FindMember(std::get<Table>(root.data), "b")->data), 2);
  EXPECT_EQ(FindMember(std::get<Table>(root.data), "B"), nullptr);
}

TEST(Describe, NamesTypeAndValueOnOneLine) {
  const Value root = Toml(R"(a = [true, 5, 1.0, "x\ny", [], [1], {}])");
  std::vector<std::string> texts;
  for (const Value& value : std::get<Array>(Member(root, "a").data)) {
    texts.push_back(Describe(value));
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"the boolean true", "the integer 5", "the number 1.0",
                                             R"(the string "x\ny")", "an empty list", "a list",
                                             "a table"}));
}

TEST(Describe, CutsALongStringBetweenCharacters) {
  const Value value{Place{}, std::string(59, 'x') + "\u00e9\u00e9"};
  EXPECT_EQ(Describe(value), "the string \"" + std::string(59, 'x') + "...\"");
}

}  // namespace
}  // namespace sqlicorn
