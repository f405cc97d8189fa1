// SPDX-License-Identifier: MIT
#include "master/control/write_views.h"

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
          {"queue_full", counts.queue_full},
          {"queue_timeout", counts.queue_timeout},
          {"turns", counts.hold_us.count()},
          {"batches", counts.batch.count()},
          {"batch_p50", Size(counts.batch, 50)},
          {"batch_p99", Size(counts.batch, 99)},
          {"wait_p50_ms", Time(counts.wait_us, 50)},
          {"wait_p99_ms", Time(counts.wait_us, 99)},
          {"hold_p50_ms", Time(counts.hold_us, 50)},
          {"hold_p99_ms", Time(counts.hold_us, 99)}};
}

json TurnNowAsJson(const ServerStatus& status) {
  if (status.turn_of == 0) {
    return {{"turn_of", nullptr}, {"turn_age_ms", nullptr}};
  }
  const double us = ToSeconds(status.turn_age) * 1e6;
  return {{"turn_of", status.turn_of}, {"turn_age_ms", Milliseconds(us)}};
}

// What a scheduler cannot know is not told as 0.
struct Knowledge {
  explicit Knowledge(SchedulerKind scheduler)
      : foreign(Queues(scheduler)),
        busy(scheduler != SchedulerKind::kBusy && scheduler != SchedulerKind::kConstant) {}

  bool foreign;  // locks from outside the queue: there must be a queue
  bool busy;     // every SQLITE_BUSY: SQLite's busy handler keeps those to itself that it waits out
};

template <typename T>
json If(bool known, T value) {
  return known ? json(value) : json();
}

json ForeignAsJson(const WorkerCounts& counts, const Knowledge& known) {
  const double us = static_cast<double>(counts.foreign_us);
  return {{"foreign_waits", If(known.foreign, counts.foreign_waits)},
          {"foreign_ms", If(known.foreign, Milliseconds(us))},
          {"foreign_now_ms", counts.foreign_now_us > 0
                                 ? json(Milliseconds(static_cast<double>(counts.foreign_now_us)))
                                 : json()},
          {"revocations", counts.revocations}};
}

json AnswersAsJson(const AnswerCounts& answers) {
  return {{"2xx", answers[2]}, {"4xx", answers[4]}, {"5xx", answers[5]}};
}

json FailedAsJson(const FailureCounts& failed) {
  const auto of = [&](FailureCause cause) { return failed.at(static_cast<std::size_t>(cause)); };
  return {{"full", of(FailureCause::kFull)},
          {"io", of(FailureCause::kIo)},
          {"readonly", of(FailureCause::kReadOnly)},
          {"cannot_open", of(FailureCause::kCannotOpen)},
          {"corrupt", of(FailureCause::kCorrupt)},
          {"memory", of(FailureCause::kMemory)},
          {"constraint", of(FailureCause::kConstraint)},
          {"other", of(FailureCause::kOther)}};
}

json LongReadsAsJson(const WorkerCounts& counts) {
  return {{"running", counts.reads_running},
          {"held", counts.reads_held},
          {"waiting", counts.reads_waiting},
          {"begun", counts.reads_begun},
          {"dropped", counts.reads_dropped}};
}

json LockedAsJson(const LockCounts& locked, const std::string& prefix, const Knowledge& known) {
  const auto of = [&](LockCause cause) { return locked.at(static_cast<std::size_t>(cause)); };
  return {{prefix + "busy", If(known.busy, of(LockCause::kBusy))},
          {prefix + "snapshot", of(LockCause::kSnapshot)},
          {prefix + "recovery", of(LockCause::kRecovery)},
          {prefix + "timeout", of(LockCause::kTimeout)}};
}

json EndpointsAsJson(const std::vector<std::string>& names, const WorkerCounts& total,
                     const Knowledge& known) {
  json rows = json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const EndpointCounts counts =
        i < total.endpoints.size() ? total.endpoints[i] : EndpointCounts();
    json& row = rows.emplace_back(json{{"endpoint", names[i]},
                                       {"requests", counts.requests},
                                       {"busy_answers", counts.busy},
                                       {"outdated_answers", counts.outdated},
                                       {"errors", counts.errors},
                                       {"run_p50_ms", Time(counts.run_us, 50)},
                                       {"run_p99_ms", Time(counts.run_us, 99)},
                                       {"wait_p50_ms", Time(counts.wait_us, 50)},
                                       {"wait_p99_ms", Time(counts.wait_us, 99)}});
    row.update(LockedAsJson(counts.locked, "locked_", known));
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
  const Knowledge known(status.config->database.scheduler);
  (*stats)["answers"] = AnswersAsJson(total.answers);
  (*stats)["failed"] = FailedAsJson(total.failed);
  (*stats)["timed_out"] = total.timed_out;
  (*stats)["long_reads"] = LongReadsAsJson(total);
  stats->update(TurnsAsJson(total));
  stats->update(TurnNowAsJson(status));
  stats->update(ForeignAsJson(total, known));
  (*stats)["locked"] = LockedAsJson(total.locked, "", known);
  json writers = json::array();
  json locks = json::array();
  for (const WorkerStatus& worker : status.workers) {
    json& writer = writers.emplace_back(json{{"pid", worker.pid}});
    writer.update(TurnsAsJson(worker.counts));
    json& lock = locks.emplace_back(json{{"pid", worker.pid}});
    lock.update(ForeignAsJson(worker.counts, known));
    lock.update(LockedAsJson(worker.counts.locked, "locked_", known));
  }
  (*stats)["writers"] = std::move(writers);
  (*stats)["locks"] = std::move(locks);
  (*stats)["endpoints"] = EndpointsAsJson(status.endpoints, total, known);
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
