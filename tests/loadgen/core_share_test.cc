// SPDX-License-Identifier: MIT
#include "loadgen/server/core_share.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

PlanConfiguration Started() {
  return {"started", {}, {}};
}

PlanConfiguration AtUrl() {
  PlanConfiguration running{"running", {}, {}};
  running.command = PlanCommand();
  return running;
}

TEST(CoreShare, LeavesTheServersAllCoresButTheLast) {
  struct Case {
    Cores allowed;
    std::vector<PlanConfiguration> configurations;
    Pinning pinning;
    Cores generator;
    Cores servers;
  };

  const std::vector<Case> cases = {
      {{0, 1}, {Started()}, Pinning::kOwnCore, {1}, {0}},
      {{2, 5, 6, 7}, {Started()}, Pinning::kOwnCore, {7}, {2, 5, 6}},
      {{0, 1}, {AtUrl(), Started()}, Pinning::kOwnCore, {1}, {0}},
      {{0, 1}, {AtUrl()}, Pinning::kOwnCore, {}, {}},
      {{0}, {Started()}, Pinning::kOwnCore, {}, {}},
      {{}, {Started()}, Pinning::kOwnCore, {}, {}},
      {{0, 1}, {Started()}, Pinning::kNone, {}, {}},
  };
  for (const Case& each : cases) {
    ComparisonPlan plan;
    plan.configurations = each.configurations;
    const CoreShare share = ShareCores(each.allowed, plan, each.pinning);
    EXPECT_EQ(share.generator, each.generator) << CoresText(each.allowed);
    EXPECT_EQ(share.servers, each.servers) << CoresText(each.allowed);
    EXPECT_EQ(share.pinned(), !each.generator.empty());
  }
}

TEST(CoreShare, WritesAndReadsCoresAsTheKernelDoes) {
  for (const auto& [cores, text] : std::vector<std::pair<Cores, std::string>>{
           {{}, ""}, {{3}, "3"}, {{0, 1, 2}, "0-2"}, {{0, 2, 3, 9}, "0,2-3,9"}}) {
    EXPECT_EQ(CoresText(cores), text);
    EXPECT_EQ(ParseCores(text), cores);
  }
  for (const char* wrong : {"x", "1-", "-1", "1,x", "0-99999999"}) {
    EXPECT_FALSE(ParseCores(wrong)) << wrong;
  }
}

TEST(CoreShare, KnowsWhereThisProcessMayRun) {
  const Cores allowed = AllowedCores();
  ASSERT_FALSE(allowed.empty());
  EXPECT_TRUE(RunOn(allowed));
  EXPECT_EQ(AllowedCores(), allowed);
  EXPECT_FALSE(RunOn({}));
}

}  // namespace
}  // namespace sqlicorn::loadgen
