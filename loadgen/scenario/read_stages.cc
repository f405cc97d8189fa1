// SPDX-License-Identifier: MIT
#include "loadgen/scenario/read_stages.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 365);
constexpr std::int64_t kMostUsers = 1'000'000;

const Choices<RatePlan::Spacing> kSpacings = {{"even", RatePlan::Spacing::kEven},
                                              {"poisson", RatePlan::Spacing::kPoisson}};

Duration ReadDuration(TableReader& reader) {
  Duration duration{};
  reader.NoteMissing("duration");
  reader.ReadInRange("duration", Range<Duration>{std::chrono::milliseconds(1), kLongest},
                     &duration);
  return duration;
}

void ReadUserStage(TableReader& reader, std::vector<Stage>* stages) {
  Stage stage;
  stage.duration = ReadDuration(reader);
  std::int64_t users = 0;
  reader.NoteMissing("users");
  reader.ReadInRange("users", Range<std::int64_t>{0, kMostUsers}, &users);
  stage.users = static_cast<std::uint32_t>(users);
  double rate = 0;
  if (reader.ReadInRange("spawn_rate", Range<double>{0.001, 1e6}, &rate)) {
    stage.spawn_rate = rate;
  }
  stages->push_back(stage);
}

// 500, 0.5 or "100..1000"; "" for anything else.
std::string RateText(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    return text->find(':') == std::string::npos ? *text : "";
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
    return fmt::to_string(*integer);
  }
  const auto* number = std::get_if<double>(&value.data);
  return number != nullptr ? fmt::to_string(*number) : "";
}

// Appends a piece as --rate has it: "100..1000:30s".
void ReadRateStage(TableReader& reader, std::vector<std::string>* pieces) {
  const Duration duration = ReadDuration(reader);
  const std::string text = RateText(*reader.Find("rate"));
  const std::string piece =
      fmt::format("{}:{}", text, FormatDuration(std::max(duration, Duration(1))));
  if (text.empty() || !ParseRatePiece(piece)) {
    reader.FailWanted("rate",
                      "a number of requests per second up to a million, or from one to another, "
                      "such as \"100..1000\"");
  }
  pieces->push_back(piece);
}

bool HasRate(const Value& table) {
  return FindMember(std::get<Table>(table.data), "rate") != nullptr;
}

void SetRate(TableReader& reader, const Place& place, const std::vector<std::string>& pieces,
             Scenario* scenario) {
  auto spacing = RatePlan::Spacing::kEven;
  reader.ReadChoice("arrivals", kSpacings, &spacing);
  if (!reader.faults()->empty()) {
    return;  // a piece that is wrong was told
  }
  Result<RatePlan> plan = ParseRatePlan(fmt::format(
      "{}{}", spacing == RatePlan::Spacing::kPoisson ? "poisson:" : "", fmt::join(pieces, ",")));
  if (plan) {
    scenario->rate = *std::move(plan);
  } else {
    reader.Fail(place, plan.error().message);
  }
}

// What the stages say must not stand beside them.
void RefuseBeside(TableReader& reader, const std::vector<std::string_view>& keys) {
  for (const std::string_view key : keys) {
    if (const Value* value = FindMember(reader.members(), key)) {
      reader.Fail(value->place, fmt::format("'{}' is what the [[stage]]s say; leave it out", key));
    }
  }
}

}  // namespace

void ReadStages(TableReader& reader, Scenario* scenario) {
  const std::vector<const Value*> tables = reader.ReadTables("stage");
  const bool rates = !tables.empty() && HasRate(*tables.front());
  if (const Value* arrivals = reader.Find("arrivals"); arrivals != nullptr && !rates) {
    reader.Fail(arrivals->place, "'arrivals' is for [[stage]]s with a 'rate'");
  }
  std::vector<std::string> pieces;
  for (const Value* table : tables) {
    TableReader stage(*table, "[stage]");
    if (HasRate(*table) != rates) {
      reader.Fail(table->place, "all [[stage]]s have 'users', or all of them have 'rate'");
      continue;
    }
    if (rates) {
      ReadRateStage(stage, &pieces);
    } else {
      ReadUserStage(stage, &scenario->stages);
    }
    stage.FinishInto(reader.faults());
  }
  if (tables.empty()) {
    return;
  }
  RefuseBeside(reader, rates ? std::vector<std::string_view>{"run_time"}
                             : std::vector<std::string_view>{"users", "spawn_rate", "run_time"});
  if (rates) {
    SetRate(reader, tables.front()->place, pieces, scenario);
  }
}

}  // namespace sqlicorn::loadgen
