// SPDX-License-Identifier: MIT
#include "worker/answer/problem.h"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sqlicorn {
namespace {

Reply Written(const Problem& problem, std::string_view accept = "") {
  Reply reply;
  reply.body = "[{\"half\":";
  WriteProblem(problem, accept, &reply);
  return reply;
}

TEST(Problem, HasTheMembersOfRfc9457) {
  const Reply reply = Written({.status = 409,
                               .detail = "a \"quote\" (SQLITE_CONSTRAINT_UNIQUE)",
                               .code = "SQLITE_CONSTRAINT_UNIQUE",
                               .constraint = "t.v"});
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  EXPECT_EQ(reply.body,
            "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,"
            "\"detail\":\"a \\\"quote\\\" (SQLITE_CONSTRAINT_UNIQUE)\","
            "\"code\":\"SQLITE_CONSTRAINT_UNIQUE\",\"constraint\":\"t.v\"}\n");
  EXPECT_EQ(Written({.status = 404}).body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}\n");
}

TEST(Problem, NamesEachWrongField) {
  const std::vector<FieldError> errors = {{"v", "must be an integer"}, {"\"w", "is missing"}};
  const Problem problem = {.status = 400, .detail = "2 fields are wrong", .errors = errors};
  const auto json = nlohmann::json::parse(Written(problem).body);
  EXPECT_EQ(json["errors"].size(), 2U);
  EXPECT_EQ(json["errors"][1]["field"], "\"w");
  EXPECT_EQ(json["errors"][0]["detail"], "must be an integer");
  EXPECT_EQ(Written(problem, "text/plain").body, "2 fields are wrong\n");
}

TEST(Problem, IsTextOrAPageForWhoPrefersThat) {
  const Problem problem = {.status = 400, .detail = "no <b>"};
  const Reply text = Written(problem, "text/plain");
  EXPECT_EQ(text.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(text.body, "no <b>\n");
  const Reply page = Written(problem, "text/html,application/xhtml+xml,*/*;q=0.8");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("no &lt;b&gt;"), std::string::npos) << page.body;
}

TEST(Problem, HoldsOctetsOfTheClientAsValidJson) {
  const Reply reply = Written({.status = 400, .detail = "\xFF\x01\n"});
  EXPECT_TRUE(nlohmann::json::accept(reply.body)) << reply.body;
}

}  // namespace
}  // namespace sqlicorn
