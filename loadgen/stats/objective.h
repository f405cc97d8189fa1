// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// What a limit can be put on, and what its unit is: milliseconds, requests per second, a share of 1
// or a number of requests.
enum class Quantity {
  kPercentile,    // p50, p99.9: ms
  kMax,           // ms
  kMin,           // ms
  kMean,          // ms
  kRps,           // per second
  kOkRps,         // per second, successful ones alone
  kFailuresPerS,  // per second
  kFailureRatio,  // share
  kRequests,      // number
  kFailures,      // number
  kLongestGap,    // longest time without an answer, ms
  kLateSends,     // share of the sends that came after their time (open loop)
  kLagP99,        // from the kernel's receipt of an answer to our reading of it, ms
  kCpu            // of the server that `compare` started, by successful request, ms
};

// A quantity of one endpoint, of a group of them, or of all.
struct Metric {
  Quantity quantity = Quantity::kRps;
  double percent = 0;  // of kPercentile
  std::string of;      // "/write/", "POST /write/", "reads", "writes"; "" = all

  // Whether an endpoint belongs to it; its name may have blanks.
  [[nodiscard]] bool Covers(std::string_view method, std::string_view name, bool is_write) const;
};

// A limit on a metric: "p99(/write/) < 20ms", "failure_ratio > 1%", "ratio(rps) < 0.95".
struct Objective {
  enum class Of { kValue, kRatioToFirst };
  enum class Relation { kLess, kAtMost, kMore, kAtLeast };

  std::string text;  // as it was written
  Metric metric;
  Of of = Of::kValue;  // of the metric itself, or of its ratio to the first configuration
  Relation relation = Relation::kLess;
  double limit = 0;  // in the metric's unit; a factor where it is a ratio

  // Whether `value` stands in this relation to the limit.
  [[nodiscard]] bool Holds(double value) const;
};

// Reads METRIC OP VALUE, where METRIC is a name with an endpoint or a group in parentheses if it is
// not of all requests, or ratio(METRIC); OP is <, <=, > or >=; VALUE has a unit where the metric
// has one (us, ms, s; %). Errors say what is wrong with which word.
[[nodiscard]] Result<Objective> ParseObjective(std::string_view text);

// An objective that a rate can meet: an upper limit of times or failures, or a lower one of rates,
// of the metric itself.
[[nodiscard]] Result<Objective> ParseGoal(std::string_view text);

}  // namespace sqlicorn::loadgen
