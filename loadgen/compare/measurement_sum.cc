// SPDX-License-Identifier: MIT
#include "loadgen/compare/measurement_sum.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn::loadgen {
namespace {

double Quotient(std::uint64_t count, double by) {
  return by > 0 ? static_cast<double>(count) / by : 0;
}

constexpr double kUsPerMs = 1000;
constexpr double kUsPerSecond = 1e6;

std::optional<TurnNumbers::Middle> MiddleOf(const ValueCounts& counts, double unit) {
  const auto median = PercentileOf(counts, 50);
  if (!median) {
    return std::nullopt;
  }
  return TurnNumbers::Middle{*median / unit, PercentileOf(counts, 99).value_or(0) / unit};
}

}  // namespace

bool IsLocked(std::string_view cause) {
  return cause == "SQLITE_BUSY" || cause.starts_with("SQLITE_BUSY_");
}

void MeasurementSum::Part::Merge(const Part& other) {
  stats.Merge(other.stats);
  locked += other.locked;
}

void MeasurementSum::Add(const MeasuredRun& run) {
  const std::vector<EndpointStats>& endpoints = run.result.stats.endpoints();
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    Part part{endpoints[i], 0};
    for (const ErrorStats& error : run.result.stats.errors()) {
      part.locked += error.endpoint == i && IsLocked(error.cause) ? error.occurrences : 0;
    }
    if (i < endpoints_.size()) {
      endpoints_[i].Merge(part);
    } else {
      endpoints_.push_back(std::move(part));
    }
  }
  AddErrors(run.result.stats);
  seconds_ += run.result.duration_s;
  time_series_.Merge(run.result.stats.seconds());
  late_ += run.result.late.requests;
  longest_late_us_ = std::max(longest_late_us_, run.result.late.longest_us);
  unanswered_ += run.result.unanswered;
  generator_cpu_ = std::max(generator_cpu_, run.result.cpu_s / run.result.duration_s);
  audit_.Merge(run.audit);
  if (run.turns) {
    turns_.Add(*run.turns);
  }
  if (run.result.open_loop) {
    AddOpenLoop(*run.result.open_loop);
  }
  AddVerdict(run);
  AddCosts(run);
  killed_ += run.killed;
}

void MeasurementSum::AddVerdict(const MeasuredRun& run) {
  lag_.Merge(run.result.lag);
  longest_gap_s_ = std::max(longest_gap_s_, run.result.stats.LongestGapSeconds());
  ++runs_;
  MeasurementFacts facts = run.result.facts;
  // What is neither ours nor the server's is foreign. A killed worker takes what it used out of the
  // server's account, and nothing can be told.
  if (run.costs && run.killed == 0) {
    facts.server_cpu_s = run.costs->cpu_s;
  }
  if (const std::vector<std::string> reasons = Judge(facts); !reasons.empty()) {
    invalid_ = invalid_runs_ == 0 ? fmt::format("{}", fmt::join(reasons, "; ")) : invalid_;
    ++invalid_runs_;
  }
}

void MeasurementSum::AddOpenLoop(const OpenLoop& more) {
  if (!open_loop_) {
    open_loop_ = more;
    return;
  }
  open_loop_->sends += more.sends;
  open_loop_->late += more.late;
  open_loop_->waited += more.waited;
  open_loop_->never_sent += more.never_sent;
  open_loop_->lateness.Merge(more.lateness);
  open_loop_->service.Merge(more.service);
}

void MeasurementSum::AddCosts(const MeasuredRun& run) {
  costs_.database_bytes = std::max(costs_.database_bytes, run.database_bytes);
  costs_.wal_bytes = std::max(costs_.wal_bytes, run.wal_bytes);
  if (!run.costs) {
    return;
  }
  costs_.requests += run.result.stats.requests() - run.result.stats.failures();
  costs_.used = costs_.runs == 0 ? *run.costs : SumOf(costs_.used, *run.costs);
  ++costs_.runs;
}

CostNumbers MeasurementSum::CostsPerRequest() const {
  CostNumbers numbers;
  if (costs_.database_bytes > 0) {
    numbers.database_bytes = costs_.database_bytes;
    numbers.wal_bytes = costs_.wal_bytes;
  }
  if (costs_.runs == 0 || costs_.requests == 0) {
    return numbers;
  }
  const auto requests = static_cast<double>(costs_.requests);
  const auto each = [requests](std::optional<std::uint64_t> count) {
    return count ? std::make_optional(static_cast<double>(*count) / requests) : std::nullopt;
  };
  const ServerCosts& used = costs_.used;
  numbers.cpu_us = used.cpu_s * kUsPerSecond / requests;
  numbers.switches = each(used.switches);
  numbers.minor_faults = each(used.minor_faults);
  numbers.major_faults = each(used.major_faults);
  numbers.written_bytes = each(used.written_bytes);
  numbers.write_calls = each(used.write_calls);
  numbers.flushes = each(used.flushes);
  return numbers;
}

void MeasurementSum::AddErrors(const RunStats& stats) {
  for (const ErrorStats& error : stats.errors()) {
    const EndpointStats& endpoint = stats.endpoints()[error.endpoint];
    const auto same = [&](const ErrorCount& known) {
      return known.method == endpoint.method && known.name == endpoint.name &&
             known.error == error.error && known.cause == error.cause;
    };
    const auto found = std::find_if(errors_.begin(), errors_.end(), same);
    if (found == errors_.end()) {
      errors_.push_back(
          {endpoint.method, endpoint.name, error.error, error.cause, error.occurrences});
    } else {
      found->occurrences += error.occurrences;
    }
  }
}

Numbers MeasurementSum::NumbersOf(const Part& part) const {
  Numbers numbers;
  numbers.method = part.stats.method;
  numbers.name = part.stats.name;
  numbers.writes = part.stats.writes;
  numbers.requests = part.stats.requests;
  numbers.failures = part.stats.failures;
  numbers.locked = part.locked;
  numbers.other = part.stats.failures - part.locked;
  numbers.failure_ratio = Quotient(numbers.failures, static_cast<double>(numbers.requests));
  numbers.rps = Quotient(numbers.requests, seconds_);
  numbers.ok_rps = Quotient(numbers.requests - numbers.failures, seconds_);
  numbers.failures_per_s = Quotient(numbers.failures, seconds_);
  numbers.latency = Summarize(part.stats.latency);
  numbers.ok_latency = SummarizeOk(part.stats);
  numbers.failed_latency = SummarizeFailed(part.stats);
  return numbers;
}

Distribution MeasurementSum::TakeDistribution() const {
  Distribution distribution{{}, time_series_};
  for (const Part& part : endpoints_) {
    distribution.endpoints.push_back(part.stats);
  }
  return distribution;
}

Measurement MeasurementSum::Take() const {
  Measurement measurement;
  Part all;
  Part reads;
  Part writes;
  for (const Part& part : endpoints_) {
    measurement.endpoints.push_back(NumbersOf(part));
    all.Merge(part);
    (part.stats.writes ? writes : reads).Merge(part);
  }
  all.stats.name = "all";
  reads.stats.name = "reads";
  writes.stats.name = "writes";
  writes.stats.writes = true;
  measurement.all = NumbersOf(all);
  measurement.reads = NumbersOf(reads);
  measurement.writes = NumbersOf(writes);
  measurement.seconds = seconds_;
  measurement.late = late_;
  measurement.longest_late_ms = static_cast<double>(longest_late_us_) / kUsPerMs;
  measurement.unanswered = unanswered_;
  measurement.generator_cpu = generator_cpu_;
  measurement.audit = audit_;
  measurement.turns = {CountOf(turns_.hold_us), MiddleOf(turns_.batch, 1),
                       MiddleOf(turns_.wait_us, kUsPerMs), MiddleOf(turns_.hold_us, kUsPerMs)};
  measurement.costs = CostsPerRequest();
  measurement.killed = killed_;
  if (open_loop_) {
    const OpenLoop& open = *open_loop_;
    measurement.open_loop = {open.sends + open.never_sent,
                             open.late,
                             open.waited,
                             open.never_sent,
                             open.lateness.PercentileUs(99) / kUsPerMs,
                             open.service.PercentileUs(50) / kUsPerMs,
                             open.service.PercentileUs(99) / kUsPerMs};
  }
  measurement.lag_p50_ms = lag_.PercentileUs(50) / kUsPerMs;
  measurement.lag_p99_ms = lag_.PercentileUs(99) / kUsPerMs;
  measurement.longest_gap_ms = longest_gap_s_ * 1000;
  measurement.runs = runs_;
  measurement.invalid_runs = invalid_runs_;
  measurement.invalid = invalid_;
  return measurement;
}

}  // namespace sqlicorn::loadgen
