// SPDX-License-Identifier: MIT
#include "common/config/steps.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

const std::vector<StatementSpec> kStatements = {{"insert", "", {}}, {"select", "", {}}};

std::vector<StepSpec> ReadFrom(const std::string& text, std::string* fault = nullptr) {
  const Value table = Toml(text);
  TableReader reader(table, "[endpoint]");
  std::vector<StepSpec> steps = ReadSteps(reader, kStatements);
  const Status read = reader.Finish();
  if (fault != nullptr) {
    *fault = read ? "" : read.error().message;
  } else {
    EXPECT_TRUE(read) << ErrorOf(read);
  }
  return steps;
}

TEST(Steps, AreReadWithAllThatTheySay) {
  const auto steps = ReadFrom(
      "steps = [\"insert\", { think = \"1ms\" }, { statement = \"select\", name = \"found\", when "
      "= "
      "\"!insert.id\", expect = \"none\", detail = \"there is one\", foreach = \"tags\" }]");
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(std::get<StatementStep>(steps[0]).expect, Expect::kAnything);
  const auto& step = std::get<StatementStep>(steps[2]);
  EXPECT_EQ(step.statement, 1U);
  EXPECT_EQ(step.name, "found");
  EXPECT_EQ(step.when, "!insert.id");
  EXPECT_EQ(step.expect, Expect::kNone);
  EXPECT_EQ(step.otherwise, 409);
  EXPECT_EQ(step.detail, "there is one");
  EXPECT_EQ(step.foreach, "tags");
}

TEST(Steps, ArePrintedSoThatTheyReadBack) {
  for (const char* text :
       {"\"insert\"", "{ think = \"1ms\" }",
        "{ statement = \"select\", name = \"a\", when = \"b\", foreach = \"c\", expect = \"row\", "
        "otherwise = 412, detail = \"d\" }",
        "{ statement = \"select\", expect = \"changes\" }"}) {
    EXPECT_EQ(PrintStep(ReadFrom(fmt::format("steps = [{}]", text)).at(0), kStatements), text);
  }
}

TEST(Steps, ThatCanStopNeedATransaction) {
  EXPECT_FALSE(NeedTransaction(ReadFrom("steps = [\"insert\", { think = \"1ms\" }]")));
  EXPECT_FALSE(NeedTransaction(ReadFrom("steps = [{ statement = \"insert\", name = \"a\" }]")));
  EXPECT_TRUE(NeedTransaction(ReadFrom("steps = [{ statement = \"insert\", expect = \"row\" }]")));
  EXPECT_TRUE(NeedTransaction(ReadFrom("steps = [{ statement = \"insert\", foreach = \"a\" }]")));
}

TEST(Steps, ThatAreWrongSaySo) {
  const std::pair<const char*, const char*> rows[] = {
      {"[]", "endpoint.steps must be a list of statement names, with one at least"},
      {"[1]", "endpoint.steps must hold statement names"},
      {"[\"inser\"]", "unknown statement 'inser' (did you mean 'insert'?)"},
      {"[{ name = \"a\" }]", "a step is either a statement or a think"},
      {"[{ think = \"1ms\", name = \"a\" }]", "a think has nothing else beside it"},
      {"[{ statement = \"insert\", expect = \"rows\" }]",
       "endpoint.steps.expect must be one of row, changes, none, not the string \"rows\""},
      {"[{ statement = \"insert\", otherwise = 404 }]", "absent without `expect`"},
      {"[{ statement = \"insert\", detail = \"x\" }]", "absent without `expect`"},
      {"[{ statement = \"insert\", expect = \"row\", otherwise = 500 }]",
       "endpoint.steps.otherwise must be 400 to 499, not 500"},
      {"[{ statement = \"insert\", name = \"a.b\" }]", "a word of letters, digits and '_'"},
      {"[{ statement = \"insert\", name = \"1a\" }]", "a word of letters, digits and '_'"},
      {"[{ statement = \"insert\", name = \"item\" }]", "and not \"item\""},
      {"[{ statement = \"insert\", name = \"a\" }, { statement = \"insert\", name = \"a\" }]",
       "two steps are named 'a'"},
      {"[{ statement = \"insert\", whne = \"a\" }]", "unknown key 'whne' in [endpoint.steps]"},
  };
  for (const auto& [text, fault] : rows) {
    std::string found;
    ReadFrom(fmt::format("steps = {}", text), &found);
    EXPECT_NE(found.find(fault), std::string::npos) << text << ": " << found;
  }
}

}  // namespace
}  // namespace sqlicorn
