// SPDX-License-Identifier: MIT
#include "loadgen/server/write_turns.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

constexpr const char* kReply =
    R"({"id":1,"status":"ok","data":{"histograms":[
      {"name":"wait_us","value":7.0,"count":2},{"name":"wait_us","value":99.5,"count":1},
      {"name":"hold_us","value":15,"count":3},{"name":"batch","value":4.0,"count":3},
      {"name":"unheard-of","value":1.0,"count":1}],"count":5}})";

TEST(ParseWriteTurns, TakesTheHistogramsItKnows) {
  const WriteTurns turns = ParseWriteTurns(kReply).value();
  EXPECT_EQ(turns.wait_us, (ValueCounts{{7, 2}, {99.5, 1}}));
  EXPECT_EQ(turns.hold_us, (ValueCounts{{15, 3}}));
  EXPECT_EQ(turns.batch, (ValueCounts{{4, 3}}));
}

TEST(ParseWriteTurns, RefusesNonsense) {
  for (const char* reply :
       {"", "[]", "nonsense", R"({"status":"error","error":"Unknown show target"})",
        R"({"data":{"histograms":{}}})", R"({"data":{"histograms":[1]}})",
        R"({"data":{"histograms":[{"name":"batch","value":1}]}})",
        R"({"data":{"histograms":[{"name":"batch","value":1,"count":-1}]}})"}) {
    EXPECT_FALSE(ParseWriteTurns(reply)) << reply;
  }
}

TEST(WriteTurns, LeaveOutWhatWasThereBefore) {
  const WriteTurns before{.wait_us = {{1, 5}, {2, 5}}, .hold_us = {}, .batch = {}};
  const WriteTurns after{.wait_us = {{1, 5}, {2, 7}, {3, 1}}, .hold_us = {{9, 1}}, .batch = {}};
  const WriteTurns between = after.Since(before);
  EXPECT_EQ(between.wait_us, (ValueCounts{{2, 2}, {3, 1}}));
  EXPECT_EQ(between.hold_us, (ValueCounts{{9, 1}}));
}

TEST(WriteTurns, AddUp) {
  WriteTurns sum{.wait_us = {{1, 1}}, .hold_us = {}, .batch = {{3, 1}}};
  sum.Add({.wait_us = {{1, 2}, {4, 1}}, .hold_us = {{8, 1}}, .batch = {}});
  EXPECT_EQ(sum.wait_us, (ValueCounts{{1, 3}, {4, 1}}));
  EXPECT_EQ(sum.hold_us, (ValueCounts{{8, 1}}));
  EXPECT_EQ(sum.batch, (ValueCounts{{3, 1}}));
}

TEST(ValueCounts, HavePercentiles) {
  const ValueCounts counts = {{1, 50}, {2, 49}, {30, 1}};
  EXPECT_EQ(CountOf(counts), 100U);
  EXPECT_EQ(PercentileOf(counts, 50), 1);
  EXPECT_EQ(PercentileOf(counts, 51), 2);
  EXPECT_EQ(PercentileOf(counts, 99), 2);
  EXPECT_EQ(PercentileOf(counts, 100), 30);
  EXPECT_FALSE(PercentileOf({}, 50));
}

}  // namespace
}  // namespace sqlicorn::loadgen
