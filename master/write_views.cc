// SPDX-License-Identifier: MIT
#include "master/write_views.h"

#include <cmath>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;

// To the microsecond, which is how it was measured.
double Milliseconds(double us) {
  return std::round(us) / 1000;
}

json Time(const HistogramCounts& histogram_us, double percent) {
  const auto us = histogram_us.Percentile(percent);
  return us ? json(Milliseconds(*us)) : json();
}

json Size(const HistogramCounts& histogram, double percent) {
  const auto value = histogram.Percentile(percent);
  return value ? json(std::llround(*value)) : json();
}

json TurnsAsJson(const WorkerCounts& counts) {
  return {{"writes", counts.writes},
          {"turns", counts.hold_us.count()},
          {"batches", counts.batch.count()},
          {"batch_p50", Size(counts.batch, 50)},
          {"batch_p99", Size(counts.batch, 99)},
          {"wait_p50_ms", Time(counts.wait_us, 50)},
          {"wait_p99_ms", Time(counts.wait_us, 99)},
          {"hold_p50_ms", Time(counts.hold_us, 50)},
          {"hold_p99_ms", Time(counts.hold_us, 99)}};
}

json ForeignAsJson(const WorkerCounts& counts) {
  return {{"foreign_waits", counts.foreign_waits},
          {"foreign_ms", Milliseconds(static_cast<double>(counts.foreign_us))},
          {"revocations", counts.revocations}};
}

json LockedAsJson(const LockCounts& locked, const std::string& prefix) {
  const auto of = [&](LockCause cause) { return locked.at(static_cast<std::size_t>(cause)); };
  return {{prefix + "busy", of(LockCause::kBusy)},
          {prefix + "snapshot", of(LockCause::kSnapshot)},
          {prefix + "recovery", of(LockCause::kRecovery)},
          {prefix + "timeout", of(LockCause::kTimeout)}};
}

json EndpointsAsJson(const std::vector<std::string>& names, const WorkerCounts& total) {
  json rows = json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const EndpointCounts counts =
        i < total.endpoints.size() ? total.endpoints[i] : EndpointCounts();
    rows.push_back({{"endpoint", names[i]},
                    {"requests", counts.requests},
                    {"busy_answers", counts.busy},
                    {"wait_p50_ms", Time(counts.wait_us, 50)},
                    {"wait_p99_ms", Time(counts.wait_us, 99)}});
  }
  return rows;
}

WorkerCounts TotalOf(const ServerStatus& status) {
  WorkerCounts total = status.counters.ended_counts;
  for (const WorkerStatus& worker : status.workers) {
    total.Add(worker.counts);
  }
  return total;
}

void AddRows(const char* name, const HistogramCounts& histogram, json* rows) {
  for (const auto& [value, count] : histogram.Values()) {
    rows->push_back({{"name", name}, {"value", value}, {"count", count}});
  }
}

}  // namespace

void AddWriteStats(const ServerStatus& status, json* stats) {
  const WorkerCounts total = TotalOf(status);
  stats->update(TurnsAsJson(total));
  stats->update(ForeignAsJson(total));
  (*stats)["locked"] = LockedAsJson(total.locked, "");
  json writers = json::array();
  json locks = json::array();
  for (const WorkerStatus& worker : status.workers) {
    json& writer = writers.emplace_back(json{{"pid", worker.pid}});
    writer.update(TurnsAsJson(worker.counts));
    json& lock = locks.emplace_back(json{{"pid", worker.pid}});
    lock.update(ForeignAsJson(worker.counts));
    lock.update(LockedAsJson(worker.counts.locked, "locked_"));
  }
  (*stats)["writers"] = std::move(writers);
  (*stats)["locks"] = std::move(locks);
  (*stats)["endpoints"] = EndpointsAsJson(status.endpoints, total);
}

json HistogramsAsJson(const ServerStatus& status) {
  const WorkerCounts total = TotalOf(status);
  json rows = json::array();
  AddRows("wait_us", total.wait_us, &rows);
  AddRows("hold_us", total.hold_us, &rows);
  AddRows("batch", total.batch, &rows);
  const std::size_t count = rows.size();
  return {{"histograms", std::move(rows)}, {"count", count}};
}

}  // namespace sqlicorn
