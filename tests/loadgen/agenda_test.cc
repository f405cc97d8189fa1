// SPDX-License-Identifier: MIT
#include "loadgen/compare/agenda.h"

#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::seconds;
using Configurations = std::vector<std::size_t>;

constexpr double kUnknown = std::numeric_limits<double>::infinity();

// Four to choose from and, as the fifth, the first again.
ComparisonPlan Plan(std::optional<double> until, std::optional<Duration> budget) {
  ComparisonPlan plan;
  plan.rounds = 12;
  plan.until = until;
  plan.budget = budget;
  plan.configurations.resize(5);
  plan.configurations[4].control = true;
  return plan;
}

AgendaState State(std::uint32_t rounds, Duration elapsed, std::vector<double> widths) {
  return {rounds, elapsed, seconds(1), std::move(widths), std::vector<bool>(5, false)};
}

const Configurations kAll = {0, 1, 2, 3, 4};
const std::vector<double> kNoWidths(5, kUnknown);
const std::vector<double> kWidths = {kUnknown, 0.04, 0.10, 0.01, kUnknown};

struct Case {
  std::string what;
  std::optional<double> until;
  std::optional<Duration> budget;
  AgendaState state;
  Configurations round;
};

TEST(ConfigurationsOfRound, GoWhereTheUncertaintyIs) {
  const std::vector<Case> cases = {
      {"the first round", {}, {}, State(0, {}, kNoWidths), kAll},
      {"a later one", {}, {}, State(11, seconds(55), kWidths), kAll},
      {"the end", {}, {}, State(12, seconds(60), kWidths), {}},
      {"until: too few rounds for an interval", 0.05, {}, State(7, seconds(35), kNoWidths), kAll},
      {"until: one is too wide", 0.05, {}, State(8, seconds(40), kWidths), {0, 2, 4}},
      {"until: all are narrow", 0.2, {}, State(8, seconds(40), kWidths), {}},
      {"until: no more rounds", 0.05, {}, State(12, seconds(60), kWidths), {}},
      {"budget: the first round, whatever it costs", {}, seconds(1), State(0, {}, kNoWidths), kAll},
      {"budget: a whole round does not fit", {}, seconds(12), State(2, seconds(10), kNoWidths), {}},
      {"budget: more rounds than the plan has",
       {},
       seconds(999),
       State(50, seconds(200), kWidths),
       {0, 1, 2, 4}},
      {"budget: time for the widest alone",
       {},
       seconds(43),
       State(8, seconds(40), kWidths),
       {0, 2, 4}},
      {"budget: time for nothing", {}, seconds(42), State(8, seconds(40), kWidths), {}},
      {"budget and until", 0.05, seconds(999), State(8, seconds(40), kWidths), {0, 2, 4}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ConfigurationsOfRound(Plan(c.until, c.budget), c.state), c.round) << c.what;
  }
}

TEST(ConfigurationsOfRound, LeaveOutWhatCannotBeRun) {
  AgendaState state = State(3, seconds(15), kNoWidths);
  state.given_up[2] = true;
  EXPECT_EQ(ConfigurationsOfRound(Plan({}, {}), state), (Configurations{0, 1, 3, 4}));
  state.given_up.assign(5, true);
  EXPECT_EQ(ConfigurationsOfRound(Plan({}, {}), state), Configurations());
}

TEST(Agenda, GoesOnInTheBalancedOrder) {
  const ComparisonPlan plan = Plan({}, {});
  Agenda agenda(plan, 3);
  AgendaState state = State(0, {}, kNoWidths);
  for (std::vector<PlanStep> round = agenda.NextRound(state); !round.empty();
       round = agenda.NextRound(state)) {
    ++state.rounds;
    EXPECT_EQ(round.size(), 5U);
    EXPECT_EQ(agenda.ExpectedRuns(state), 60U);
  }
  EXPECT_EQ(agenda.steps(), PlanOrder(5, 12, 3));
}

TEST(Agenda, ExpectsAsManyRunsAsThereIsTimeFor) {
  const ComparisonPlan plan = Plan({}, seconds(100));
  Agenda agenda(plan, 3);
  AgendaState state = State(0, seconds(0), kNoWidths);
  state.per_run = {};
  EXPECT_EQ(agenda.NextRound(state).size(), 5U);
  EXPECT_EQ(agenda.ExpectedRuns(state), 5U) << "nothing is known of their length";
  state = State(1, seconds(10), kNoWidths);
  state.per_run = seconds(2);
  EXPECT_EQ(agenda.ExpectedRuns(state), 5U + 45U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
