// SPDX-License-Identifier: MIT
#include "loadgen/stats/locust_numbers.h"

#include <algorithm>

namespace sqlicorn::loadgen {
namespace {

constexpr std::int64_t kUsPerSecond = 1'000'000;

double ToMs(std::uint64_t us) {
  return static_cast<double>(us) / 1000;
}

// The median is taken from rounded keys, so it may leave the range of the exact values. Below a
// millisecond there is no key to tell answers apart: there it is exact.
PythonNumber MedianOf(const EndpointStats& endpoint) {
  if (const double exact = endpoint.latency.PercentileUs(50); exact < 1000) {
    return exact / 1000;
  }
  const auto key = static_cast<std::int64_t>(endpoint.rounded.MedianMs());
  const double median = static_cast<double>(key);
  if (median > ToMs(endpoint.latency.max_us())) {
    return ToMs(endpoint.latency.max_us());
  }
  if (median < ToMs(endpoint.latency.min_us())) {
    return ToMs(endpoint.latency.min_us());
  }
  return key;
}

LocustRow RowOf(const EndpointStats& endpoint) {
  LocustRow row;
  row.method = endpoint.method;
  row.name = endpoint.name;
  row.requests = endpoint.requests;
  row.failures = endpoint.failures;
  if (row.requests == 0) {
    return row;
  }
  const auto requests = static_cast<double>(endpoint.requests);
  row.median = MedianOf(endpoint);
  row.average = ToMs(endpoint.latency.sum_us()) / requests;
  row.min = ToMs(endpoint.latency.min_us());
  row.max = ToMs(endpoint.latency.max_us());
  row.average_size = static_cast<double>(endpoint.body_bytes) / requests;
  row.percentiles = LocustPercentiles(endpoint.rounded);
  return row;
}

// Locust does not know the cause: what differs only there is one row.
void AddError(const LocustError& error, std::vector<LocustError>* errors) {
  const auto same = [&](const LocustError& known) {
    return known.method == error.method && known.name == error.name && known.error == error.error;
  };
  const auto found = std::find_if(errors->begin(), errors->end(), same);
  if (found == errors->end()) {
    errors->push_back(error);
    return;
  }
  found->occurrences += error.occurrences;
  found->last_seen_s = std::max(found->last_seen_s, error.last_seen_s);
}

LocustRow RowWithRates(const RunStats& stats, const EndpointStats& endpoint, LocustRates rates) {
  LocustRow row = RowOf(endpoint);
  if (rates == LocustRates::kCurrent) {
    const RecentSeconds::Rates current = stats.CurrentRates(endpoint);
    row.requests_per_s = current.requests;
    row.failures_per_s = current.failures;
  } else {
    row.requests_per_s = stats.PerSecond(endpoint.requests);
    row.failures_per_s = stats.PerSecond(endpoint.failures);
  }
  return row;
}

}  // namespace

std::array<std::uint64_t, kLocustFractions.size()> LocustPercentiles(const RoundedTimes& times) {
  std::array<std::uint64_t, kLocustFractions.size()> percentiles{};
  for (std::size_t i = 0; i < percentiles.size(); ++i) {
    percentiles[i] = times.PercentileMs(kLocustFractions[i]);
  }
  return percentiles;
}

LocustTable MakeLocustTable(const RunStats& stats, LocustRates rates) {
  LocustTable table;
  for (const EndpointStats& endpoint : stats.endpoints()) {
    if (endpoint.requests > 0) {
      table.rows.push_back(RowWithRates(stats, endpoint, rates));
    }
  }
  table.aggregated = RowWithRates(stats, stats.Aggregated(), rates);
  for (const ErrorStats& error : stats.errors()) {
    const EndpointStats& endpoint = stats.endpoints()[error.endpoint];
    AddError({endpoint.method, endpoint.name, error.error, error.occurrences,
              error.first_seen_us / kUsPerSecond, error.last_seen_us / kUsPerSecond},
             &table.errors);
  }
  return table;
}

}  // namespace sqlicorn::loadgen
