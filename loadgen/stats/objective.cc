// SPDX-License-Identifier: MIT
#include "loadgen/stats/objective.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "common/base/text.h"

namespace sqlicorn::loadgen {
namespace {

enum class Unit { kTime, kRate, kShare, kNumber };

enum class Of { kEndpoints, kWholeRun };

struct Known {
  std::string_view name;
  Quantity quantity;
  Unit unit;
  Of of = Of::kEndpoints;
};

// Percentiles have names of their own: "p" and a number.
constexpr std::array<Known, 13> kKnown = {
    {{"max", Quantity::kMax, Unit::kTime},
     {"min", Quantity::kMin, Unit::kTime},
     {"mean", Quantity::kMean, Unit::kTime},
     {"rps", Quantity::kRps, Unit::kRate},
     {"ok_rps", Quantity::kOkRps, Unit::kRate},
     {"failures_per_s", Quantity::kFailuresPerS, Unit::kRate},
     {"failure_ratio", Quantity::kFailureRatio, Unit::kShare},
     {"requests", Quantity::kRequests, Unit::kNumber},
     {"failures", Quantity::kFailures, Unit::kNumber},
     {"longest_gap", Quantity::kLongestGap, Unit::kTime, Of::kWholeRun},
     {"late_sends", Quantity::kLateSends, Unit::kShare, Of::kWholeRun},
     {"lag_p99", Quantity::kLagP99, Unit::kTime, Of::kWholeRun},
     {"cpu", Quantity::kCpu, Unit::kTime, Of::kWholeRun}}};

constexpr std::string_view kRatio = "ratio";

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  const std::size_t last = text.find_last_not_of(' ');
  return first == text.npos ? "" : text.substr(first, last - first + 1);
}

// "p99.9" names the percentile 99.9.
std::optional<double> PercentOf(std::string_view name) {
  const auto percent =
      name.starts_with('p') ? ParseWhole<double>(name.substr(1)) : std::optional<double>();
  return percent && *percent > 0 && *percent <= 100 ? percent : std::nullopt;
}

std::vector<std::string> Names() {
  std::vector<std::string> names = {"p50", "p99.9", "ratio(METRIC)"};
  for (const Known& known : kKnown) {
    names.emplace_back(known.name);
  }
  return names;
}

struct ReadMetric {
  Metric metric;
  Unit unit;
};

// "NAME" or "NAME(OF)".
Result<ReadMetric> MetricFrom(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::string_view name = Trimmed(text.substr(0, open));
  std::string of;
  if (open != text.npos) {
    if (text.back() != ')') {
      return Error{fmt::format("'{}' lacks its closing parenthesis", text)};
    }
    of = Trimmed(text.substr(open + 1, text.size() - open - 2));
    if (of.empty()) {
      return Error{fmt::format("'{}' names nothing in its parentheses", text)};
    }
  }
  if (const auto percent = PercentOf(name)) {
    return ReadMetric{{Quantity::kPercentile, *percent, std::move(of)}, Unit::kTime};
  }
  for (const Known& known : kKnown) {
    if (known.name == name && known.of == Of::kWholeRun && !of.empty()) {
      return Error{fmt::format("'{}' is of the whole run, not of '{}'", name, of)};
    }
    if (known.name == name) {
      return ReadMetric{{known.quantity, 0, std::move(of)}, known.unit};
    }
  }
  return Error{fmt::format("'{}' is no metric{}; there are {}", name, DidYouMean(name, Names()),
                           fmt::join(Names(), ", "))};
}

// In milliseconds, per second, as a share of 1, or as it stands.
Result<double> ValueFrom(std::string_view text, Unit unit) {
  if (unit == Unit::kTime) {
    const Result<Duration> time = ParseDuration(text);
    return time ? Result<double>(ToSeconds(*time) * 1000) : time.error();
  }
  const bool percent = unit == Unit::kShare && text.ends_with('%');
  if (percent) {
    text.remove_suffix(1);
  } else if (unit == Unit::kRate && text.ends_with("/s")) {
    text.remove_suffix(2);
  }
  const auto number = ParseWhole<double>(Trimmed(text));
  if (!number || !(*number >= 0)) {
    return Error{fmt::format("'{}' is not a number{}", text,
                             unit == Unit::kShare ? " such as 0.01 or 1%" : "")};
  }
  return percent ? *number / 100 : *number;
}

Result<Objective> Parse(std::string_view text) {
  // A path may contain anything, so the operator is what follows the last parenthesis.
  const std::size_t closing = text.rfind(')');
  const std::size_t at = text.find_first_of("<>", closing == text.npos ? 0 : closing);
  if (at == text.npos) {
    return Error{"an operator <, <=, > or >= and a value are missing"};
  }
  Objective objective;
  const bool equal = text.substr(at + 1).starts_with('=');
  using Relation = Objective::Relation;
  objective.relation = text[at] == '<' ? (equal ? Relation::kAtMost : Relation::kLess)
                                       : (equal ? Relation::kAtLeast : Relation::kMore);
  std::string_view left = Trimmed(text.substr(0, at));
  if (left.starts_with(fmt::format("{}(", kRatio)) && left.ends_with(')')) {
    objective.of = Objective::Of::kRatioToFirst;
    left = Trimmed(left.substr(kRatio.size() + 1, left.size() - kRatio.size() - 2));
  }
  Result<ReadMetric> metric = MetricFrom(left);
  if (!metric) {
    return metric.error();
  }
  objective.metric = std::move(metric->metric);
  const Unit unit = objective.of == Objective::Of::kValue ? metric->unit : Unit::kNumber;
  const Result<double> limit = ValueFrom(Trimmed(text.substr(at + (equal ? 2 : 1))), unit);
  if (!limit) {
    return limit.error();
  }
  objective.limit = *limit;
  return objective;
}

// More of it is better.
bool IsGain(Quantity quantity) {
  return quantity == Quantity::kRps || quantity == Quantity::kOkRps ||
         quantity == Quantity::kRequests;
}

}  // namespace

bool Metric::Covers(std::string_view method, std::string_view name, bool is_write) const {
  if (of.empty() || of == name) {
    return true;
  }
  if (of == "reads" || of == "writes") {
    return is_write == (of == "writes");
  }
  const std::size_t blank = of.find(' ');
  const std::string_view both = of;
  return blank != of.npos && both.substr(0, blank) == method && both.substr(blank + 1) == name;
}

bool Objective::Holds(double value) const {
  switch (relation) {
    case Relation::kLess:
      return value < limit;
    case Relation::kAtMost:
      return value <= limit;
    case Relation::kMore:
      return value > limit;
    case Relation::kAtLeast:
      return value >= limit;
  }
  return false;
}

Result<Objective> ParseObjective(std::string_view text) {
  Result<Objective> objective = Parse(text);
  if (!objective) {
    return objective.error().In(fmt::format("'{}'", text));
  }
  objective->text = Trimmed(text);
  return objective;
}

Result<Objective> ParseGoal(std::string_view text) {
  Result<Objective> goal = ParseObjective(text);
  if (!goal) {
    return goal;
  }
  if (goal->of == Objective::Of::kRatioToFirst) {
    return Error{"a ratio to the first is nothing that one configuration can meet"}.In(
        fmt::format("'{}'", text));
  }
  if (goal->metric.quantity == Quantity::kCpu) {
    return Error{fmt::format("'{}': the CPU time is not known of a rate", text)};
  }
  const bool lower = goal->relation == Objective::Relation::kMore ||
                     goal->relation == Objective::Relation::kAtLeast;
  if (lower != IsGain(goal->metric.quantity)) {
    return Error{fmt::format(
        "'{}' is met the better the worse the server is: an objective is an upper limit (<, <=) "
        "of times or failures, or a lower one (>, >=) of rates",
        text)};
  }
  return goal;
}

}  // namespace sqlicorn::loadgen
