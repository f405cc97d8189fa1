// SPDX-License-Identifier: MIT
// Stages with a rate, from the file to what is due.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "loadgen/run_options.h"
#include "loadgen/scenario/scenario.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

using std::chrono::seconds;

const std::string kTask = "[[task]]\npath = '/'\n";

Result<Scenario> Load(const std::string& toml) {
  const testing::TempFile file("s.toml", toml + kTask);
  return LoadScenario(file.path());
}

// Without the file's name.
std::string Wrong(const std::string& toml) {
  const testing::TempFile file("s.toml", toml + kTask);
  const Result<Scenario> scenario = LoadScenario(file.path());
  return scenario ? "nothing" : scenario.error().message.substr(file.path().size());
}

const std::string kStages =
    "[[stage]]\nduration = '10s'\nrate = 100\n[[stage]]\nduration = '1m'\nrate = '100..500'\n"
    "[[stage]]\nduration = '5s'\nrate = 0\n[[stage]]\nduration = '1500ms'\nrate = 0.5\n";

TEST(RateStages, AreStepsAndRamps) {
  const Scenario scenario = Load(kStages).value();
  ASSERT_TRUE(scenario.rate);
  EXPECT_TRUE(scenario.stages.empty());
  EXPECT_EQ(scenario.rate->text, "100:10s,100..500:60s,0:5s,0.5:1.5s");
  EXPECT_EQ(scenario.rate->spacing, RatePlan::Spacing::kEven);
  ASSERT_EQ(scenario.rate->pieces.size(), 4U);
  EXPECT_EQ(scenario.rate->pieces[1].from, 100);
  EXPECT_EQ(scenario.rate->pieces[1].to, 500);
  EXPECT_EQ(LengthOfStages(scenario), std::chrono::milliseconds(76'500));
  EXPECT_FALSE(IsSteady(scenario));
  EXPECT_EQ(Load("arrivals = 'poisson'\n" + kStages)->rate->spacing, RatePlan::Spacing::kPoisson);
}

TEST(RateStages, MakeAnOpenLoopAsLongAsTheyLast) {
  const RunOptions options = OptionsOf(RunFlags(), Load(kStages).value());
  ASSERT_TRUE(options.rate);
  EXPECT_EQ(options.run_time, std::chrono::milliseconds(76'500));
  EXPECT_EQ(options.users, 100U) << "connections at most";
  EXPECT_EQ(options.spawn_rate, 100);
  EXPECT_EQ(OptionsOf(RunFlags(), Load("users = 7\n" + kStages).value()).users, 7U);
}

TEST(RateStages, AreTheOnlyOnesThatSayTheRate) {
  RunFlags flags;
  flags.rate = ParseRatePlan("5").value();
  Scenario scenario = Load(kStages).value();
  EXPECT_EQ(Apply(flags, &scenario).error().message,
            "the [[stage]]s say the rate: leave out --rate and --find-max");
}

TEST(RateStages, AreRefusedWhereTheyAreWrong) {
  const std::string one = "[[stage]]\nduration = '1s'\nrate = ";
  const std::string wanted =
      ":3:1: stage.rate must be a number of requests per second up to a million, or from one to "
      "another, such as \"100..1000\", not the ";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {one + "-1\n", wanted + "integer -1"},
      {one + "'fast'\n", wanted + "string \"fast\""},
      {one + "'100:2s'\n", wanted + "string \"100:2s\""},
      {one + "2000000\n", wanted + "integer 2000000"},
      {one + "true\n", wanted + "boolean true"},
      {one + "0\n", ":1:1: '0:1s' is no rate: a rate must be more than 0"},
      {"[[stage]]\nrate = 5\n", ":1:1: [[stage]] needs 'duration'"},
      {one + "5\nspawn_rate = 1\n", ":4:1: unknown key 'spawn_rate' in [[stage]]"},
      {one + "5\n[[stage]]\nduration = '1s'\nusers = 5\n",
       ":4:1: all [[stage]]s have 'users', or all of them have 'rate'"},
      {"run_time = '5s'\n" + one + "5\n",
       ":1:1: 'run_time' is what the [[stage]]s say; leave it out"},
      {"arrivals = 'poisson'\n", ":1:1: 'arrivals' is for [[stage]]s with a 'rate'"},
      {"arrivals = 'often'\n" + one + "5\n",
       ":1:1: arrivals must be one of even, poisson, not the string \"often\""}};
  for (const auto& [toml, message] : rows) {
    EXPECT_EQ(Wrong(toml), message) << toml;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
