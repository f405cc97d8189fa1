// SPDX-License-Identifier: MIT
#include "common/config/param_sets.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

TEST(ParamSets, KnowDefaultsNullsAndRequiredFields) {
  const auto sets =
      ReadParamSets(Toml("[row]\nname = { type = \"text\", default = \"x\" }\n"
                         "side = { type = \"real\", default = 2 }\nage = { type = \"integer\" }\n"
                         "note = { type = \"text\", nullable = true }\n[other]\n"));
  ASSERT_TRUE(sets.ok()) << sets.error().message;
  ASSERT_EQ(sets->size(), 2U);
  const auto& params = sets->at(0).params;
  ASSERT_EQ(params.size(), 4U);
  EXPECT_EQ(params[0].name, "name");
  EXPECT_FALSE(params[0].required);
  EXPECT_EQ(params[0].default_value, ParamValue(std::string("x")));
  EXPECT_EQ(params[1].default_value, ParamValue(2.0));
  EXPECT_TRUE(params[2].required);
  EXPECT_EQ(params[2].type, ParamType::kInteger);
  EXPECT_FALSE(params[3].required);
  EXPECT_EQ(params[3].default_value, ParamValue());
}

TEST(ParamSets, RefuseBadFields) {
  const std::vector<BadInput> cases = {
      {"row = 5", "1:1: params.row must be a table, not the integer 5"},
      {"[row]\nname = \"text\"", "2:1: params.row.name must be a table, not the string \"text\""},
      {"[row]\nname = {}", "2:1: [params.row.name] needs 'type'"},
      {"[row]\nname = { tpye = \"text\" }",
       "2:10: unknown key 'tpye' in [params.row.name] (did you mean 'type'?)"},
      {"[row]\nname = { type = \"string\" }",
       "2:10: params.row.name.type must be one of text, integer, real, not the string \"string\""},
      {"[row]\nage = { type = \"integer\", default = 1.5 }",
       "2:27: params.row.age.default must be an integer, not the number 1.5"},
      {"[row]\n\"a.b\" = { type = \"text\", default = 1 }",
       "2:26: params.row.\"a.b\".default must be a string, not the integer 1"},
      {"[row]\na = { type = \"text\", default = \"\", nullable = true }",
       "2:1: [params.row.a] has a default and is nullable; leave one out"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(ReadParamSets(Toml(c.text))), std::string("t.toml:") + c.error);
  }
}

}  // namespace
}  // namespace sqlicorn
