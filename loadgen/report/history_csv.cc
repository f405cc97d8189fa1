// SPDX-License-Identifier: MIT
#include "loadgen/report/history_csv.h"

#include <algorithm>
#include <utility>

#include "loadgen/report/locust_csv.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::int64_t kWindow = 10;
constexpr std::int64_t kSlack = 8;  // how far from the window's begin a snapshot may be

}  // namespace

std::string HistoryCsv::LinesAt(std::int64_t unix_s, std::uint32_t users, const RunStats& stats) {
  LocustTable table = MakeLocustTable(stats, LocustRates::kCurrent);
  if (scope_ == HistoryScope::kAggregated) {
    return HistoryCsvLine(unix_s, users, table.aggregated);
  }
  if (std::exchange(start_unix_us_, stats.start_unix_us()) != stats.start_unix_us()) {
    snapshots_.clear();
  }
  Snapshot now{unix_s, {}};
  for (const EndpointStats& endpoint : stats.endpoints()) {
    now.times.push_back(endpoint.rounded);
  }
  now.times.push_back(stats.Aggregated().rounded);

  const Snapshot* before = TenSecondsBefore(unix_s);
  std::string lines;
  auto row = table.rows.begin();
  for (std::size_t i = 0; i < now.times.size(); ++i) {
    const bool last = i + 1 == now.times.size();
    if (!last && now.times[i].count() == 0) {
      continue;  // not in the table either
    }
    LocustRow& line = last ? table.aggregated : *row++;
    line.percentiles = before == nullptr ? decltype(line.percentiles)()
                                         : LocustPercentiles(now.times[i].Since(before->times[i]));
    lines += HistoryCsvLine(unix_s, users, line);
  }
  snapshots_.push_back(std::move(now));
  if (snapshots_.size() > kWindow + kSlack + 2) {
    snapshots_.pop_front();
  }
  return lines;
}

// The snapshot nearest to the begin of the window, the older of two as near.
const HistoryCsv::Snapshot* HistoryCsv::TenSecondsBefore(std::int64_t unix_s) const {
  const Snapshot* best = nullptr;
  std::int64_t best_distance = kSlack + 1;
  for (const Snapshot& snapshot : snapshots_) {
    const std::int64_t distance = std::abs(snapshot.unix_s - (unix_s - kWindow));
    if (distance < best_distance) {
      best = &snapshot;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace sqlicorn::loadgen
