// SPDX-License-Identifier: MIT
#include "common/config/path_pattern.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

// "issues {id} {rest...}"
std::string Show(std::string_view path) {
  const auto pattern = ParsePath(path);
  if (!pattern) {
    return pattern.error().message;
  }
  std::string shown;
  for (const PathSegment& segment : *pattern) {
    shown += shown.empty() ? "" : " ";
    shown += segment.kind == PathSegment::Kind::kLiteral    ? "'" + segment.text + "'"
             : segment.kind == PathSegment::Kind::kVariable ? "{" + segment.text + "}"
                                                            : "{" + segment.text + "...}";
  }
  return shown;
}

TEST(PathPattern, IsTakenApartAtEachSlash) {
  EXPECT_EQ(Show("/"), "''");
  EXPECT_EQ(Show("/read/"), "'read' ''");
  EXPECT_EQ(Show("/issues/{id}"), "'issues' {id}");
  EXPECT_EQ(Show("/issues/{id}/"), "'issues' {id} ''");
  EXPECT_EQ(Show("/{a_1}/x/{_b...}"), "{a_1} 'x' {_b...}");
  EXPECT_EQ(Show("/v1/items:batch/$/a-b.c~d"), "'v1' 'items:batch' '$' 'a-b.c~d'");
}

TEST(PathPattern, SaysHowItIsWritten) {
  const std::string literal = " would be taken literally: a variable is written ";
  const std::string type = ", and its type stands in the params";
  EXPECT_EQ(Show("/issues/:id"), "':id'" + literal + "{id}" + type);
  EXPECT_EQ(Show("/issues/$id"), "'$id'" + literal + "{id}" + type);
  EXPECT_EQ(Show("/issues/[id]"), "'[id]'" + literal + "{id}" + type);
  EXPECT_EQ(Show("/issues/<int:id>"), "'<int:id>'" + literal + "{id}" + type);
  EXPECT_EQ(Show("/files/*"), "'*'" + literal + "{rest...}" + type);
  EXPECT_EQ(Show("/files/*path"), "'*path'" + literal + "{path...}" + type);
  EXPECT_EQ(Show("/files/[...slug]"), "'[...slug]'" + literal + "{slug...}" + type);
  EXPECT_EQ(Show("/files/<path:name>"), "'<path:name>'" + literal + "{name...}" + type);
  const std::string partly =
      " is a variable in part: a segment is wholly one, as {id}, or wholly literal";
  EXPECT_EQ(Show("/a{b}c"), "'a{b}c'" + partly);
  EXPECT_EQ(Show("/{a}{b}"), "'{a}{b}'" + partly);
  EXPECT_EQ(Show("/{a"), "'{a'" + partly);
  EXPECT_EQ(Show("/a}"), "'a}'" + partly);
  for (const char* name : {"{}", "{...}", "{1}", "{a-b}", "{id:int}", "{a..}", "{*}"}) {
    EXPECT_NE(Show(std::string("/") + name).find("variable"), std::string::npos) << name;
  }
  EXPECT_EQ(Show("/{rest...}/x"),
            "{rest...} takes the rest of the path, so nothing can come behind it");
  EXPECT_EQ(Show("/{a}/{a}"), "two variables are called 'a'");
}

TEST(PathPattern, HasAShapeWithoutNames) {
  EXPECT_EQ(ShapeOf(*ParsePath("/issues/{id}/x/{rest...}")), "/issues/{}/x/{...}");
  EXPECT_EQ(ShapeOf(*ParsePath("/")), "/");
  EXPECT_EQ(VariablesOf(*ParsePath("/{b}/x/{a...}")), (std::vector<std::string>{"b", "a"}));
}

}  // namespace
}  // namespace sqlicorn
