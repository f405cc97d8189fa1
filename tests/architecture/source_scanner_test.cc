// SPDX-License-Identifier: MIT
#include "tests/architecture/source_scanner.h"

#include <gtest/gtest.h>

namespace sqlicorn::architecture {
namespace {

TEST(BlankOutProse, KeepsCodeAndLines) {
  EXPECT_EQ(BlankOutProse("int a; // b\nint c;"), "int a;     \nint c;");
  EXPECT_EQ(BlankOutProse("a /* b\nc */ d"), "a     \n     d");
}

TEST(BlankOutProse, EmptiesLiterals) {
  EXPECT_EQ(BlankOutProse(R"(f("a\"//b") + c)"), "f(        ) + c");
  EXPECT_EQ(BlankOutProse("R\"x(a \" )\" b)x\" + c"), "                + c");
  EXPECT_EQ(BlankOutProse(R"('"' + '\'' + d)"), "    +      + d");
}

TEST(BlankOutProse, TakesADigitSeparatorForCode) {
  EXPECT_EQ(BlankOutProse("1'000 + kill(2'000)"), "1'000 + kill(2'000)");
}

TEST(BlankOutProse, EndsWithAnOpenCommentOrLiteral) {
  EXPECT_EQ(BlankOutProse("a /* b"), "a     ");
  EXPECT_EQ(BlankOutProse("a \"b"), "a   ");
  EXPECT_EQ(BlankOutProse("a R\"(b"), "a     ");
}

TEST(FindIncludes, NamesFormPathAndLine) {
  const auto includes = FindIncludes("#include <uv.h>\n\n  #  include \"common/base/log.h\"\n");
  ASSERT_EQ(includes.size(), 2U);
  EXPECT_EQ(includes[0].form, Include::Form::kAngle);
  EXPECT_EQ(includes[0].path, "uv.h");
  EXPECT_EQ(includes[0].line, 1U);
  EXPECT_EQ(includes[1].form, Include::Form::kQuoted);
  EXPECT_EQ(includes[1].path, "common/base/log.h");
  EXPECT_EQ(includes[1].line, 3U);
}

TEST(FindIncludes, SkipsCommentsAndLiterals) {
  EXPECT_TRUE(FindIncludes("// #include <uv.h>\nauto a = \"#include <uv.h>\";\n").empty());
  EXPECT_TRUE(FindIncludes("#define INCLUDE\n#if 1\n#endif\n").empty());
}

TEST(FindCalls, FindsPlainAndQualifiedCalls) {
  const auto calls = FindCalls("int a = fork();\nif (::kill (a, 9) == 0) {}\n", {"fork", "kill"});
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].name, "fork");
  EXPECT_EQ(calls[0].line, 1U);
  EXPECT_EQ(calls[1].name, "kill");
  EXPECT_EQ(calls[1].line, 2U);
}

TEST(FindCalls, SkipsOtherWords) {
  EXPECT_TRUE(
      FindCalls("uv_kill(a); killer(); kill_count; fork; // fork()\n", {"fork", "kill"}).empty());
}

TEST(CountLines, CountsAnUnfinishedLastLine) {
  EXPECT_EQ(CountLines(""), 0U);
  EXPECT_EQ(CountLines("a\n"), 1U);
  EXPECT_EQ(CountLines("a\nb"), 2U);
}

}  // namespace
}  // namespace sqlicorn::architecture
