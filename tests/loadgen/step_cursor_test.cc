// SPDX-License-Identifier: MIT
#include "loadgen/run/step_cursor.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

// Goes through `events`: '+' a request that succeeds, '-' one that fails. Tells of each which task
// it was, '(' where it began a sequence, ')' where a pause follows.
std::string Walk(const UserKind& kind, const std::string& events) {
  StepCursor cursor(kind, 1, 1);
  std::string walk;
  for (const char event : events) {
    const std::size_t task = cursor.Next();
    walk += cursor.begins() ? "(" : "";
    walk += std::to_string(task);
    if (event == '-') {
      cursor.Fail();
    }
    walk += cursor.pauses() ? ")" : "";
  }
  return walk;
}

UserKind Kind(std::vector<std::size_t> start, std::vector<std::size_t> steps) {
  UserKind kind;
  kind.start = std::move(start);
  kind.sequences = {{1, std::move(steps)}};
  return kind;
}

TEST(StepCursor, GoesThroughTheStepsInOrder) {
  EXPECT_EQ(Walk(Kind({}, {4}), "+++"), "(4)(4)(4)");
  EXPECT_EQ(Walk(Kind({}, {0, 1, 2}), "++++"), "(012)(0");
}

TEST(StepCursor, EndsASequenceThatFails) {
  EXPECT_EQ(Walk(Kind({}, {0, 1, 2}), "+-++++"), "(01)(012)(0");
  EXPECT_EQ(Walk(Kind({}, {4}), "-+"), "(4)(4)");
}

TEST(StepCursor, StartsOnceAndAnewUntilItSucceeds) {
  EXPECT_EQ(Walk(Kind({7, 8}, {0, 1}), "++++++"), "(78(01)(01)");
  EXPECT_EQ(Walk(Kind({7, 8}, {0}), "-+-+++"), "(7)(78)(78(0)");
  EXPECT_EQ(Walk(Kind({7}, {0}), "-+-+"), "(7)(7(0)(0)");
}

TEST(StepCursor, DrawsSequencesByWeight) {
  UserKind kind;
  kind.sequences = {{3, {0, 1}}, {1, {2}}, {0, {3}}};
  StepCursor cursor(kind, 1, 1);
  std::map<std::size_t, int> counts;
  for (int i = 0; i < 7000; ++i) {
    ++counts[cursor.Next()];
  }
  EXPECT_NEAR(counts[0], 3000, 200);
  EXPECT_NEAR(counts[1], 3000, 200);
  EXPECT_NEAR(counts[2], 1000, 200);
  EXPECT_EQ(counts.count(3), 0u);
}

}  // namespace
}  // namespace sqlicorn::loadgen
