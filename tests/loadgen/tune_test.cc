// SPDX-License-Identifier: MIT
// What a search tries, what it requires, and what it recommends.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "loadgen/compare/thresholds.h"
#include "loadgen/report/tune_text.h"
#include "loadgen/tune/requirement.h"
#include "loadgen/tune/tune_candidates.h"
#include "loadgen/tune/tune_outcome.h"

namespace sqlicorn::loadgen {
namespace {

std::string Text(const PlanConfiguration& configuration) {
  std::string text;
  for (const PlanSetting& setting : configuration.settings) {
    text += setting.key + "=" + setting.text + ";";
  }
  return text;
}

TEST(TuneCandidates, HaveEveryCombinationOnceOnTopOfTheBase) {
  const std::vector<PlanSetting> base = {{"server.accesslog", "\"\"", {}},
                                         {"server.workers", "7", {}}};
  const std::vector<PlanConfiguration> all =
      TuneCandidates(base, WantedDurability::kAny, 2, 10'000, 1);
  EXPECT_EQ(all.size(), CountTuneCandidates(WantedDurability::kAny, 2));
  std::set<std::string> different;
  for (const PlanConfiguration& one : all) {
    different.insert(Text(one));
    EXPECT_EQ(one.settings.front().key, "server.accesslog");
    EXPECT_EQ(Text(one).find("workers=7"), std::string::npos);
  }
  EXPECT_EQ(different.size(), all.size());
}

TEST(TuneCandidates, LeaveOutWhatIsNotDurableWhereThatIsWanted) {
  for (const PlanConfiguration& one :
       TuneCandidates({}, WantedDurability::kDurable, 2, 10'000, 1)) {
    EXPECT_EQ(Text(one).find("\"normal\""), std::string::npos);
    EXPECT_EQ(Text(one).find("\"delete\""), std::string::npos);
  }
}

TEST(TuneCandidates, AreDrawnWhereThereAreTooMany) {
  const auto some = TuneCandidates({}, WantedDurability::kAny, 2, 10, 1);
  EXPECT_EQ(some.size(), 10U);
  for (const PlanConfiguration& one : some) {
    EXPECT_NE(Text(one).find("cache_size=-2000;"), std::string::npos) << "they differ in the rest";
  }
  EXPECT_EQ(Text(some[3]), Text(TuneCandidates({}, WantedDurability::kAny, 2, 10, 1)[3]));
  EXPECT_NE(Text(some[0]) + Text(some[1]),
            Text(TuneCandidates({}, WantedDurability::kAny, 2, 10, 2)[0]) +
                Text(TuneCandidates({}, WantedDurability::kAny, 2, 10, 2)[1]));
}

TEST(Requirement, IsDurableOrALimitOnWhatIsMeasured) {
  EXPECT_FALSE(ParseRequirement("durable")->objective);
  EXPECT_TRUE(ParseRequirement("p99(writes) < 50ms"));
  EXPECT_TRUE(ParseRequirement("p97(/write/) < 50ms"));
  for (const char* text : {"durabel", "late_sends < 1%", "ratio(rps) < 0.95", "p99 < ", ""}) {
    EXPECT_FALSE(ParseRequirement(text)) << text;
  }
}

// A finalist of eight rounds around `ok_rps`, whose slowest write took `p99` milliseconds.
ConfigurationNumbers Finalist(const std::string& name, double ok_rps, double p99, bool durable,
                              const std::string& workers) {
  ConfigurationNumbers one;
  one.name = name;
  one.settings = {{"server.workers", workers, {}}, {"database.scheduler", "\"group\"", {}}};
  one.own = one.settings;
  one.durability = {"nothing", durable ? "nothing" : "the last writes", durable};
  EndpointStats& writes = one.distribution.endpoints.emplace_back();
  writes.writes = true;
  writes.requests = 1;
  writes.latency.Record(static_cast<std::uint64_t>(p99 * 1000));
  one.measured.all.ok_rps = ok_rps;
  one.measured.all.requests = 1;
  for (std::uint32_t round = 1; round <= 8; ++round) {
    RoundNumbers numbers;
    numbers.round = round;
    numbers.measured.seconds = 1;
    const double wave = static_cast<double>(round % 3) - 1 + 0.1 * round;
    numbers.measured.all.ok_rps = ok_rps * (1 + 0.02 * (workers == "4" ? wave : -wave));
    one.rounds.push_back(numbers);
  }
  return one;
}

// Two endpoints of one name, whose p50 lies between those of each: what decides is both together.
ConfigurationNumbers TwoEndpoints() {
  ConfigurationNumbers one;
  one.measured.seconds = 10;
  one.measured.longest_gap_ms = 70;
  for (const int slow_ms : {10, 90}) {
    EndpointStats& endpoint = one.distribution.endpoints.emplace_back();
    endpoint.name = "/things/";
    endpoint.requests = 200;
    endpoint.failures = slow_ms == 90 ? 40 : 0;
    for (int i = 0; i < 200; ++i) {
      endpoint.latency.Record(static_cast<std::uint64_t>(slow_ms + 1 + i / 20) * 1000);
    }
  }
  return one;
}

TEST(Requirement, IsMetWhereTheSameFailIfDoesNotHold) {
  Comparison comparison;
  comparison.configurations = {TwoEndpoints()};

  struct Row {
    const char* metric;
    double value;
  };

  for (const Row& row : {Row{"p50(/things/)", 20}, Row{"p97(/things/)", 100}, Row{"max", 100},
                         Row{"mean(/things/)", 55.5}, Row{"rps(/things/)", 40}, Row{"ok_rps", 36},
                         Row{"failures_per_s(/things/)", 4}, Row{"failure_ratio(/things/)", 0.1},
                         Row{"requests(/things/)", 400}, Row{"longest_gap", 70}}) {
    const auto limit = [&](std::string_view relation, double factor) {
      const bool time = std::string_view("pml").find(row.metric[0]) != std::string_view::npos;
      return fmt::format("{} {} {}{}", row.metric, relation, row.value * factor, time ? "ms" : "");
    };
    for (const double factor : {0.99, 1.01}) {
      const auto required = ParseRequirement(limit("<", factor));
      ASSERT_TRUE(required) << row.metric << ": " << required.error().message;
      const auto refused = ParseObjective(limit(">=", factor));
      const bool met = Unmet({*required}, comparison.configurations[0]).empty();
      EXPECT_EQ(met, factor > 1) << row.metric;
      EXPECT_EQ(met, !AnyHolds(JudgeThresholds({*refused}, comparison))) << row.metric;
    }
  }
}

TEST(Requirement, IsNotMetByWhatWasNotMeasured) {
  const auto required = ParseRequirement("failures(/other/) < 1");
  EXPECT_EQ(Unmet({*required}, TwoEndpoints()),
            "failures(/other/) < 1: nothing was measured of it");
}

struct Case {
  std::string what;
  std::vector<std::string> required;
  std::vector<ConfigurationNumbers> finalists;
  std::vector<std::string> order;
};

TEST(Recommend, TakesTheFastestThatMeetsAllThatIsRequired) {
  const auto before = Finalist("before", 100, 5, false, "4");
  const auto fast = Finalist("fast", 300, 80, false, "4");
  const auto durable = Finalist("durable", 200, 20, true, "4");
  const std::vector<Case> cases = {
      {"nothing", {}, {before, durable, fast}, {"fast", "durable", "before"}},
      {"durable", {"durable"}, {before, fast, durable}, {"durable", "fast", "before"}},
      {"a limit", {"p99(writes) < 50ms"}, {before, fast, durable}, {"durable", "fast", "before"}},
      {"the impossible",
       {"p99(writes) < 1ms"},
       {before, fast, durable},
       {"fast", "durable", "before"}},
      {"what there is is best", {}, {fast, before}, {"fast", "before"}},
      {"the durable one of equals",
       {},
       {before, Finalist("x", 300, 5, false, "4"), Finalist("y", 299, 5, true, "2")},
       {"y", "x", "before"}},
      {"fewer workers of equals",
       {},
       {before, Finalist("x", 300, 5, true, "4"), Finalist("y", 299, 5, true, "2")},
       {"y", "x", "before"}},
  };
  for (const Case& c : cases) {
    std::vector<Requirement> required;
    for (const std::string& text : c.required) {
      required.push_back(*ParseRequirement(text));
    }
    std::vector<std::string> order;
    for (const ConfigurationNumbers& one : Recommend(c.finalists, required).finalists) {
      order.push_back(one.name);
    }
    EXPECT_EQ(order, c.order) << c.what;
  }
}

TEST(TuneText, EndsWithAConfiguration) {
  const std::string text = TuneText(
      Recommend({Finalist("before", 100, 5, false, "4"), Finalist("fast", 300, 5, true, "4")}, {}),
      {2, 9});
  for (const char* part :
       {"2 of 9 configurations were tried", "Recommended: fast, workers=4 group.",
        "It serves 3.00 times as many requests as before", "No other finalist comes up to it",
        "A killed process may cost nothing, a power cut nothing.",
        "\n[database]\nscheduler = \"group\"\n[server]\nworkers = 4\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(TuneText, ClaimsNothingWithoutRoundsEnough) {
  std::vector<ConfigurationNumbers> few = {Finalist("before", 100, 5, false, "4"),
                                           Finalist("fast", 300, 5, true, "4"),
                                           Finalist("slow", 200, 5, true, "4")};
  for (ConfigurationNumbers& one : few) {
    one.rounds.resize(2);
  }
  const std::string text = TuneText(Recommend(few, {}), {2, 9});
  EXPECT_NE(text.find("not enough rounds to tell any two finalists apart"), std::string::npos)
      << text;
  EXPECT_NE(text.find("The fastest, though nothing is proven: fast, "), std::string::npos) << text;
  for (const char* claim : {"Recommended", "comes up to it"}) {
    EXPECT_EQ(text.find(claim), std::string::npos) << claim << "\n" << text;
  }
}

TEST(TuneText, NamesWhatHasTooFewRoundsAmongOthers) {
  std::vector<ConfigurationNumbers> all = {Finalist("before", 100, 5, false, "4"),
                                           Finalist("fast", 300, 5, true, "4"),
                                           Finalist("new", 200, 5, true, "4")};
  all[2].rounds.resize(2);
  const std::string text = TuneText(Recommend(all, {}), {2, 9});
  EXPECT_NE(text.find("Recommended: fast"), std::string::npos) << text;
  EXPECT_NE(text.find("Not enough rounds to compare with it: new."), std::string::npos) << text;
  EXPECT_EQ(text.find("comes up to it"), std::string::npos) << text;
}

TEST(TuneText, SaysWhatCannotBeBelieved) {
  std::vector<ConfigurationNumbers> all = {Finalist("before", 100, 5, false, "4"),
                                           Finalist("fast", 300, 5, true, "4")};
  EXPECT_FALSE(AnyInvalid(Recommend(all, {})));
  all[1].measured.runs = 8;
  all[1].measured.invalid_runs = 4;
  all[1].measured.invalid = "other programs used 40 % of the cores' time";
  const TuneOutcome outcome = Recommend(all, {});
  EXPECT_TRUE(AnyInvalid(outcome));
  EXPECT_NE(TuneText(outcome, {2, 9})
                .find("INVALID measurement: fast: 4 of 8 runs were invalid, the first because "
                      "other programs used 40 %"),
            std::string::npos)
      << TuneText(outcome, {2, 9});
  all[1].measured.invalid_runs = 3;
  EXPECT_FALSE(AnyInvalid(Recommend(all, {}))) << "a few bad runs are what ranks are for";
  all[1].measured.all.failures = all[1].measured.all.requests;
  EXPECT_TRUE(AnyInvalid(Recommend(all, {})));
  EXPECT_NE(TuneText(Recommend(all, {}), {2, 9}).find("fast: not one request succeeded"),
            std::string::npos);
}

TEST(TuneText, SaysWhenNothingMeetsWhatIsRequired) {
  const std::string text = TuneText(
      Recommend({Finalist("before", 100, 5, false, "4")}, {*ParseRequirement("durable")}), {0, 0});
  EXPECT_NE(text.find("Nothing that was tried meets what is required"), std::string::npos) << text;
  EXPECT_NE(text.find("a power cut may cost the last writes"), std::string::npos) << text;
  EXPECT_EQ(TuneText({}, {0, 0}), "No configuration was measured.\n");
}

// Its score is of all its rounds, and the first of them was on a faster machine.
TEST(Recommend, GoesByTheRoundsThatBothHad) {
  auto fewer = Finalist("better", 300, 5, false, "4");
  auto more = Finalist("early", 290, 5, false, "4");
  for (RoundNumbers& round : more.rounds) {
    round.measured.all.ok_rps *= round.round <= 4 ? 2 : 1;
  }
  fewer.rounds.erase(fewer.rounds.begin(), fewer.rounds.begin() + 4);
  ASSERT_GT(ScoreOf(more), ScoreOf(fewer));
  const TuneOutcome outcome = Recommend({Finalist("before", 100, 5, false, "4"), more, fewer}, {});
  EXPECT_EQ(outcome.finalists.front().name, "better");
  for (const ConfigurationNumbers& other : outcome.finalists) {
    EXPECT_LE(other.ok_rate.ratio, 1) << other.name << " would be the faster one";
  }
}

TEST(TuneText, MarksATimeOfTooFewWrites) {
  ConfigurationNumbers one = Finalist("before", 100, 5, false, "4");
  one.own.clear();
  one.measured.writes.requests = 20;
  one.measured.writes.latency.percentiles_ms[7] = 5;
  const std::string few = TuneText(Recommend({one}, {}), {0, 0});
  EXPECT_NE(few.find(" 5.00*"), std::string::npos) << few;
  EXPECT_NE(few.find("\n*: fewer writes than the 1,000"), std::string::npos) << few;
  EXPECT_NE(few.find("Recommended: before, unchanged.\n"), std::string::npos) << few;
  one.measured.writes.latency.carried[7] = true;
  const std::string enough = TuneText(Recommend({one}, {}), {0, 0});
  EXPECT_EQ(enough.find('*'), std::string::npos) << enough;
}

}  // namespace
}  // namespace sqlicorn::loadgen
