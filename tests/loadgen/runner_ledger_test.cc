// SPDX-License-Identifier: MIT
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/runner_fixture.h"

namespace sqlicorn::loadgen {
namespace {

TEST_F(RunnerTest, SendsAnIdOfItsOwnInEveryUniqueRequest) {
  scenario_.tasks = {PostUnique("/x")};
  RunUntil(19, [](const auto&, auto) { return Ok(); });
  const std::set<std::string> distinct(requests_.begin(), requests_.end());
  EXPECT_EQ(distinct.size(), 20u);
  const std::string body = "name=Name+0+%230123abcd-0000000001";
  EXPECT_EQ(requests_[0].substr(requests_[0].size() - body.size()), body);
}

TEST_F(RunnerTest, KeepsTheFateOfEveryWrite) {
  scenario_.tasks = {PostUnique("/x")};
  const RunResult result = RunUntil(4, [](const auto&, std::size_t number) {
    switch (number) {
      case 1:
        return testing::Status("HTTP/1.1 503 Service Unavailable");
      case 2:
        return Reply{"", Reply::Then::kReset};
      case 3:
        return Reply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOK", Reply::Then::kClose};
      default:
        return Ok();
    }
  });
  EXPECT_EQ(result.ledger.Ids(Fate::kAcknowledged), (std::vector<std::uint64_t>{1, 5}));
  EXPECT_EQ(result.ledger.Ids(Fate::kFailed), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(result.ledger.Ids(Fate::kUnanswered), (std::vector<std::uint64_t>{3, 4}));
}

TEST_F(RunnerTest, DoesNotTakeAUniqueReadForAWrite) {
  scenario_.tasks = {Get("/x?id=%23")};
  scenario_.tasks[0].path += kUniqueMark;
  scenario_.tasks[0].unique = true;
  const RunResult result = RunUntil(1, [](const auto&, auto) { return Ok(); });
  EXPECT_EQ(result.ledger.Count(Fate::kAcknowledged), 0u);
  EXPECT_EQ(result.ledger.Count(Fate::kNoWrite), 2u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
