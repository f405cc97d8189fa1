// SPDX-License-Identifier: MIT
#include "loadgen/scenario/wait.h"

#include <string>

#include <gtest/gtest.h>

#include "common/config/toml.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Wait::Kind;

Result<Wait> Read(const std::string& toml) {
  const Value root = ParseToml("wait = " + toml, "f").value();
  TableReader reader(root, "");
  Wait wait;
  ReadWait(reader, "wait", &wait);
  const Status all = reader.Finish();
  return all ? Result<Wait>(wait) : Result<Wait>(all.error());
}

TEST(Wait, IsADurationOrATableOfOne) {
  EXPECT_EQ(Read("'20ms'").value(), (Wait{Kind::kConstant, milliseconds(20), {}}));
  EXPECT_EQ(Read("{ uniform = ['1s', '3s'] }").value(),
            (Wait{Kind::kUniform, seconds(1), seconds(3)}));
  EXPECT_EQ(Read("{ exponential = '2s' }").value(), (Wait{Kind::kExponential, seconds(2), {}}));
  EXPECT_EQ(Read("{ pace = '5s' }").value(), (Wait{Kind::kPace, seconds(5), {}}));
}

TEST(Wait, IsRefusedWhereItIsNone) {
  for (const char* wrong :
       {"5", "'5'", "'-1s'", "{}", "{ pace = 1 }", "{ pace = '1s', exponential = '1s' }",
        "{ uniform = ['1s'] }", "{ uniform = '1s' }", "{ pareto = '1s' }"}) {
    const Result<Wait> wait = Read(wrong);
    ASSERT_FALSE(wait.ok()) << wrong;
    EXPECT_EQ(wait.error().message.substr(0, 38), "f:1:1: wait must be a duration such as")
        << wrong;
  }
}

TEST(Wait, SaysThatTheLongerPauseStandsFirst) {
  EXPECT_EQ(Read("{ uniform = ['3s', '1s'] }").error().message,
            "f:1:1: wait: uniform = [\"3s\", \"1s\"] has the longer pause first");
}

TEST(Wait, PausesAsItSays) {
  Random random(1, 1);
  const TimePoint began{};
  const auto after = [&](Wait wait, milliseconds passed) {
    return PauseAfter(wait, began, began + passed, random);
  };
  EXPECT_EQ(after({Kind::kConstant, seconds(2), {}}, milliseconds(900)), seconds(2));
  EXPECT_EQ(after({Kind::kPace, seconds(2), {}}, milliseconds(900)), milliseconds(1100));
  EXPECT_EQ(after({Kind::kPace, seconds(2), {}}, milliseconds(2900)), Duration::zero());
}

TEST(Wait, DrawsFromItsDistribution) {
  Random random(1, 1);
  double uniform = 0;
  double exponential = 0;
  int longer = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    const Duration between = PauseAfter({Kind::kUniform, seconds(1), seconds(3)}, {}, {}, random);
    ASSERT_GE(between, seconds(1));
    ASSERT_LE(between, seconds(3));
    uniform += ToSeconds(between);
    const Duration pause = PauseAfter({Kind::kExponential, seconds(2), {}}, {}, {}, random);
    exponential += ToSeconds(pause);
    longer += pause > seconds(2) ? 1 : 0;
  }
  EXPECT_NEAR(uniform / kDraws, 2, 0.03);
  EXPECT_NEAR(exponential / kDraws, 2, 0.1);
  EXPECT_NEAR(longer / static_cast<double>(kDraws), 0.368, 0.025);  // 1 / e
}

}  // namespace
}  // namespace sqlicorn::loadgen
