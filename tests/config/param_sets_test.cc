// SPDX-License-Identifier: MIT
#include "common/config/param_sets.h"

#include <algorithm>

#include <fmt/format.h>
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
       "2:10: params.row.name.type must be one of text, integer, real, boolean, blob, json, date, "
       "timestamp, not the string \"string\""},
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

TEST(ParamSets, ReadEveryKey) {
  const auto sets = ReadParamSets(Toml(
      "[p]\na = { type = \"integer\", in = \"query\", name = \"A\", min = 1, max = 9 }\n"
      "b = { type = \"text\", min_length = 1, max_length = 2, pattern = \"x+\", enum = [\"x\"] }\n"
      "c = { type = \"boolean\", default = true }\nd = { type = \"json\", default = \"{}\" }\n"
      "e = { type = \"timestamp\", max = \"2026-11-28T00:00:00Z\" }\n"
      "f = { type = \"blob\", in = \"raw\", max_length = 10, nullable = true }\n"));
  ASSERT_TRUE(sets.ok()) << sets.error().message;
  const auto& params = sets->at(0).params;
  EXPECT_EQ(params[0].source, ParamSource::kQuery);
  EXPECT_EQ(params[0].client_name(), "A");
  EXPECT_EQ(params[0].limits->min, ParamValue(std::int64_t{1}));
  EXPECT_EQ(params[1].limits->max_length, 2);
  EXPECT_TRUE(params[1].limits->pattern->MatchesAllOf("xx"));
  EXPECT_FALSE(params[1].limits->pattern->MatchesAllOf("xxy"));
  EXPECT_EQ(params[1].limits->choices.size(), 1U);
  EXPECT_EQ(params[2].default_value, ParamValue(std::int64_t{1}));
  EXPECT_EQ(params[3].default_value, ParamValue(std::string("{}")));
  EXPECT_FALSE(params[3].limits.has_value());
  EXPECT_EQ(params[5].source, ParamSource::kRaw);
}

TEST(ParamSets, RefuseWhatDoesNotFitTheType) {
  const std::vector<BadInput> cases = {
      {"type = \"text\", min = 1", "params.p.a.min: a field of type text has none"},
      {"type = \"integer\", max_length = 1",
       "params.p.a.max_length: a field of type integer has none"},
      {"type = \"json\", pattern = \"x\"", "params.p.a.pattern: a field of type json has none"},
      {"type = \"real\", enum = [1.0]", "params.p.a.enum: a field of type real has none"},
      {"type = \"text\", enum = []",
       "params.p.a.enum must be a list of values, with one at least, not an empty list"},
      {"type = \"text\", enum = [1]", "params.p.a.enum must hold strings, not the integer 1"},
      {"type = \"integer\", min = 1.5", "params.p.a.min must be an integer, not the number 1.5"},
      {"type = \"integer\", min = 2, max = 1", "params.p.a.min is greater than max"},
      {"type = \"text\", min_length = 2, max_length = 1",
       "params.p.a.min_length is greater than max_length"},
      {"type = \"text\", min_length = -1", "params.p.a.min_length must be 0 to 2147483647, not -1"},
      {"type = \"date\", min = \"2026-02-30\"",
       "params.p.a.min must be a date, as 2026-11-28, not the string \"2026-02-30\""},
      {"type = \"text\", pattern = \"(\"",
       "params.p.a.pattern: missing ): ( (RE2's syntax; a field has to match all of it)"},
      {"type = \"text\", pattern = \"(a)\\\\1\"",
       "params.p.a.pattern: invalid escape sequence: \\1 (RE2's syntax; a field has to match all "
       "of "
       "it)"},
      {"type = \"blob\", default = \"\"",
       "params.p.a.default: a blob has none; write nullable = true"},
      {"type = \"json\", default = \"{\"", "params.p.a.default must be JSON, not the string \"{\""},
      {"type = \"boolean\", default = 1",
       "params.p.a.default must be true or false, not the integer 1"},
      {"type = \"integer\", min = 1, default = 0", "params.p.a.default must be at least 1"},
      {"type = \"text\", enum = [\"x\", \"y\"], default = \"z\"",
       "params.p.a.default must be one of x, y"},
      {"type = \"text\", in = \"url\"",
       "params.p.a.in must be one of any, path, query, form, json, body, raw, header, cookie, not "
       "the "
       "string \"url\""},
      {"type = \"text\", in = \"header\", name = \"x_y z\"",
       "params.p.a.in: 'x_y z' is no name of a header field; write name = \"X-Request-Id\" or the "
       "like, without _"},
      {"type = \"text\", in = \"path\", name = \"x\"",
       "params.p.a.name: the path has a field by its own name; write {a} there"},
      {"type = \"real\", in = \"raw\"",
       "params.p.a.in: a whole body is of type blob, text or json"},
  };
  for (const BadInput& c : cases) {
    const std::string error =
        ErrorOf(ReadParamSets(Toml(fmt::format("[p]\na = {{ {} }}", c.text))));
    EXPECT_EQ(error.substr(std::min(error.find(": ") + 2, error.size())), c.error) << error;
  }
}

}  // namespace
}  // namespace sqlicorn
