// SPDX-License-Identifier: MIT
#include "loadgen/run/user_values.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/matches.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::uint64_t kSeed = 5;

ValueTable Of(ValueKind kind) {
  return {{{"v", std::move(kind)}}, {}};
}

// One value, drawn for one task after the other.
std::vector<std::string> Draws(UserValues& user, std::size_t value, int count) {
  std::vector<std::string> draws;
  for (int i = 0; i < count; ++i) {
    user.BeginTask();
    draws.emplace_back(user.Get(value).text);
  }
  return draws;
}

std::vector<std::string> Draws(const ValueTable& table, std::uint32_t user, int count) {
  RunValues run(table, "0123abcd");
  UserValues values(run, kSeed, user);
  return Draws(values, 0, count);
}

TEST(UserValues, StayTheSameWithinATask) {
  const ValueTable table = Of(CounterValue{1, 1, Sharing::kRun});
  RunValues run(table, "");
  UserValues user(run, kSeed, 0);
  EXPECT_EQ(user.Get(0).text, "1");
  EXPECT_EQ(user.Get(0).text, "1");
  EXPECT_TRUE(user.Get(0).is_number);
  user.BeginTask();
  EXPECT_EQ(user.Get(0).text, "2");
}

TEST(UserValues, CountForTheRunOrForEachUser) {
  for (const Sharing sharing : {Sharing::kRun, Sharing::kUser}) {
    const ValueTable table = Of(CounterValue{10, -3, sharing});
    RunValues run(table, "");
    UserValues a(run, kSeed, 0);
    UserValues b(run, kSeed, 1);
    EXPECT_EQ(Draws(a, 0, 2), (std::vector<std::string>{"10", "7"}));
    EXPECT_EQ(Draws(b, 0, 1)[0], sharing == Sharing::kRun ? "4" : "10");
  }
}

TEST(UserValues, DependOnSeedAndUserAlone) {
  const ValueTable table = Of(IntegerValue{0, 1'000'000, {}});
  EXPECT_EQ(Draws(table, 1, 20), Draws(table, 1, 20));
  EXPECT_NE(Draws(table, 1, 20), Draws(table, 2, 20));
}

TEST(UserValues, DrawIntegersWithinTheirBounds) {
  std::vector<int> counts(7);
  for (const std::string& text : Draws(Of(IntegerValue{-3, 3, {}}), 0, 7000)) {
    ++counts.at(static_cast<std::size_t>(std::stoi(text) + 3));
  }
  for (const int count : counts) {
    EXPECT_NEAR(count, 1000, 180);  // six standard deviations
  }
}

TEST(UserValues, DrawTheFirstOnesMoreOftenByZipf) {
  const auto share = [](const std::vector<std::string>& draws, const std::string& text) {
    return static_cast<double>(std::count(draws.begin(), draws.end(), text)) /
           static_cast<double>(draws.size());
  };
  // 1, 1/2, 1/3: six elevenths, three, two.
  EXPECT_NEAR(share(Draws(Of(IntegerValue{5, 7, {1.0}}), 0, 10'000), "5"), 6 / 11.0, 0.03);
  EXPECT_NEAR(share(Draws(Of(ChoiceValue{{"a", "b", "c"}, {1.0}}), 0, 10'000), "c"), 2 / 11.0,
              0.03);
  EXPECT_NEAR(share(Draws(Of(ChoiceValue{{"a", "b", "c"}, {}}), 0, 10'000), "c"), 1 / 3.0, 0.03);
}

TEST(UserValues, DrawStringsOfTheirLettersAndLengths) {
  bool shortest = false;
  bool longest = false;
  for (const std::string& text : Draws(Of(StringValue{2, 4, "xyz"}), 0, 200)) {
    EXPECT_TRUE(Matches(text, "^[xyz]{2,4}$")) << text;
    shortest = shortest || text.size() == 2;
    longest = longest || text.size() == 4;
  }
  EXPECT_TRUE(shortest && longest);
}

TEST(UserValues, DrawUuidsOfVersion4) {
  const std::vector<std::string> draws = Draws(Of(UuidValue()), 0, 50);
  for (const std::string& text : draws) {
    EXPECT_TRUE(
        Matches(text, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
        << text;
  }
  EXPECT_NE(draws[0], draws[1]);
}

TEST(UserValues, KnowTheUserAndTheRun) {
  const ValueTable table = {{{"user", UserNumberValue()}, {"run", RunIdValue()}}, {}};
  RunValues run(table, "0123abcd");
  UserValues user(run, kSeed, 4);
  EXPECT_EQ(user.Get(0).text, "5");
  EXPECT_EQ(user.Get(1).text, "0123abcd");
}

TEST(UserValues, KeepWhatWasTakenFromTaskToTask) {
  const ValueTable table = Of(TakenValue());
  RunValues run(table, "");
  UserValues user(run, kSeed, 0);
  user.Keep(0, {"7", true});
  user.BeginTask();
  EXPECT_EQ(user.Get(0).text, "7");
  EXPECT_TRUE(user.Get(0).is_number);
}

ValueTable People(Pick pick, Popularity popularity = {}) {
  ValueTable table;
  table.values = {{"p.name", CsvValue{0, 0}}, {"p.age", CsvValue{0, 1}}};
  table.files = {{"", {{"name", "age"}, {{"a", "1"}, {"b", "2"}, {"c", "3"}}}, pick, popularity}};
  return table;
}

TEST(UserValues, TakeOneLineOfAFileForATask) {
  const ValueTable table = People(Pick::kSequential);
  RunValues run(table, "");
  UserValues a(run, kSeed, 0);
  UserValues b(run, kSeed, 1);
  EXPECT_EQ(a.Get(0).text, "a");
  EXPECT_EQ(b.Get(0).text, "b");
  EXPECT_EQ(a.Get(1).text, "1");
  EXPECT_EQ(Draws(a, 0, 2), (std::vector<std::string>{"c", "a"}));
}

TEST(UserValues, KeepTheLineOfTheUserOrDrawOne) {
  EXPECT_EQ(Draws(People(Pick::kUser), 4, 2), (std::vector<std::string>{"b", "b"}));
  const std::vector<std::string> drawn = Draws(People(Pick::kRandom), 0, 300);
  EXPECT_NEAR(static_cast<double>(std::count(drawn.begin(), drawn.end(), "b")), 100, 50);
  const std::vector<std::string> popular = Draws(People(Pick::kRandom, {3.0}), 0, 300);
  EXPECT_GT(std::count(popular.begin(), popular.end(), "a"), 200);
}

}  // namespace
}  // namespace sqlicorn::loadgen
