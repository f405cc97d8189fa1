// SPDX-License-Identifier: MIT
#include "loadgen/stats/run_stats.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace sqlicorn::loadgen {
namespace {

constexpr std::int64_t kUsPerSecond = 1'000'000;

bool Before(const EndpointStats& a, const EndpointStats& b) {
  return std::tie(a.name, a.method) < std::tie(b.name, b.method);
}

bool IsRowOf(const EndpointStats& endpoint, const TaskSpec& task) {
  return endpoint.name == task.name && endpoint.method == task.method;
}

double ToMs(double us) {
  return std::round(us) / 1000;
}

}  // namespace

void RecentSeconds::Record(std::int64_t second, bool failed) {
  Slot& slot = slots_[static_cast<std::size_t>(second) % slots_.size()];
  if (slot.second != second) {
    slot = {second, 0, 0};
  }
  ++slot.requests;
  slot.failures += failed ? 1 : 0;
}

void RecentSeconds::Merge(const RecentSeconds& other) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& from = other.slots_[i];
    if (from.second > slots_[i].second) {
      slots_[i] = from;
    } else if (from.second == slots_[i].second) {
      slots_[i].requests += from.requests;
      slots_[i].failures += from.failures;
    }
  }
}

RecentSeconds::Rates RecentSeconds::RatesAt(std::int64_t last, std::int64_t first) const {
  const std::int64_t begin = std::max(last - 12, first);
  const std::int64_t end = last - 2;
  if (begin >= end) {
    return {};
  }
  Rates sum;
  for (const Slot& slot : slots_) {
    if (slot.second >= begin && slot.second < end) {
      sum.requests += static_cast<double>(slot.requests);
      sum.failures += static_cast<double>(slot.failures);
    }
  }
  const auto seconds = static_cast<double>(end - begin);
  return {sum.requests / seconds, sum.failures / seconds};
}

void EndpointStats::Merge(const EndpointStats& other) {
  requests += other.requests;
  failures += other.failures;
  body_bytes += other.body_bytes;
  latency.Merge(other.latency);
  if (other.failed_latency) {
    failed_latency = failed_latency ? std::move(failed_latency) : Histogram();
    failed_latency->Merge(*other.failed_latency);
  }
  rounded.Merge(other.rounded);
  recent.Merge(other.recent);
}

RunStats::RunStats(const Scenario& scenario) {
  for (const TaskSpec& task : scenario.tasks) {
    const auto same = [&](const EndpointStats& endpoint) { return IsRowOf(endpoint, task); };
    if (std::none_of(endpoints_.begin(), endpoints_.end(), same)) {
      endpoints_.emplace_back();
      endpoints_.back().method = task.method;
      endpoints_.back().name = task.name;
    }
  }
  std::sort(endpoints_.begin(), endpoints_.end(), Before);
  for (const TaskSpec& task : scenario.tasks) {
    const auto same = [&](const EndpointStats& endpoint) { return IsRowOf(endpoint, task); };
    const auto row = std::find_if(endpoints_.begin(), endpoints_.end(), same);
    row->writes = row->writes || task.writes;
    endpoint_of_task_.push_back(static_cast<std::size_t>(row - endpoints_.begin()));
  }
}

RunStats::RunStats(Content content)
    : endpoints_(std::move(content.endpoints)),
      errors_(std::move(content.errors)),
      seconds_(std::move(content.seconds)),
      last_end_(start_ + content.elapsed),
      end_(start_ + content.window),
      longest_(Duration::max()),  // the silence at the end is in `elapsed` already,
      last_answer_(end_),         // and in the longest gap
      longest_gap_(content.longest_gap),
      start_unix_us_(content.start_unix_us) {
  for (const EndpointStats& endpoint : endpoints_) {
    requests_ += endpoint.requests;
    failures_ += endpoint.failures;
  }
}

RunStats::Content RunStats::content() const {
  return {endpoints_, errors_.list(), seconds_,    start_unix_us_,
          Elapsed(),  end_ - start_,  LongestGap()};
}

void RunStats::Begin(TimePoint start, std::int64_t start_unix_us) {
  for (EndpointStats& endpoint : endpoints_) {
    endpoint.requests = 0;
    endpoint.failures = 0;
    endpoint.body_bytes = 0;
    endpoint.latency.Reset();
    endpoint.failed_latency.reset();
    endpoint.rounded.Reset();
    endpoint.recent = {};
    endpoint.each_second = {};
  }
  errors_.Clear();
  seconds_.Reset();
  requests_ = 0;
  failures_ = 0;
  start_ = start;
  last_end_ = start;
  end_ = start;
  longest_ = Duration::zero();
  last_answer_ = start;
  longest_gap_ = Duration::zero();
  start_unix_us_ = start_unix_us;
}

void RunStats::End(TimePoint end) {
  end_ = end;
}

void RunStats::Record(const Sample& sample, std::string_view error) {
  const std::size_t row = endpoint_of_task_[sample.task];
  EndpointStats& endpoint = endpoints_[row];
  const bool failed = sample.outcome != Outcome::kOk;
  const std::uint64_t latency_us = sample.LatencyUs();
  const std::int64_t unix_us = UnixUs(sample.end);
  ++requests_;
  ++endpoint.requests;
  endpoint.body_bytes += sample.body_bytes;
  endpoint.latency.Record(latency_us);
  endpoint.rounded.Record(latency_us);
  endpoint.recent.Record(unix_us / kUsPerSecond, failed);
  endpoint.each_second.Record(unix_us, failed);
  seconds_.Record(sample.end - start_, latency_us, failed);
  last_end_ = std::max(last_end_, sample.end);
  longest_ = std::max(longest_, sample.end - sample.intended_start);
  if (sample.status != 0) {
    longest_gap_ = std::max(longest_gap_, sample.end - last_answer_);
    last_answer_ = sample.end;
  }
  if (failed) {
    if (!endpoint.failed_latency) {
      endpoint.failed_latency.emplace();
    }
    endpoint.failed_latency->Record(latency_us);
    ++failures_;
    ++endpoint.failures;
    errors_.Count(row, sample, error, unix_us);
  }
}

EndpointStats RunStats::Aggregated() const {
  EndpointStats sum;
  sum.name = "Aggregated";
  for (const EndpointStats& endpoint : endpoints_) {
    sum.Merge(endpoint);
  }
  return sum;
}

Duration RunStats::Elapsed() const {
  return end_ - last_end_ > longest_ ? end_ - start_ : last_end_ - start_;
}

Duration RunStats::LongestGap() const {
  return std::max(longest_gap_, end_ - last_answer_);
}

double RunStats::PerSecond(std::uint64_t count) const {
  const double elapsed = ElapsedSeconds();
  return elapsed > 0 ? static_cast<double>(count) / elapsed : 0;
}

RecentSeconds::Rates RunStats::CurrentRates(const EndpointStats& endpoint) const {
  return endpoint.recent.RatesAt(UnixUs(last_end_) / kUsPerSecond, start_unix_us_ / kUsPerSecond);
}

std::int64_t RunStats::UnixUs(TimePoint at) const {
  const auto since_start = std::chrono::duration_cast<std::chrono::microseconds>(at - start_);
  return start_unix_us_ + since_start.count();
}

LatencySummary SummarizeOk(const EndpointStats& endpoint) {
  return Summarize(endpoint.failed_latency ? endpoint.latency.Without(*endpoint.failed_latency)
                                           : endpoint.latency);
}

LatencySummary SummarizeFailed(const EndpointStats& endpoint) {
  return endpoint.failed_latency ? Summarize(*endpoint.failed_latency) : LatencySummary();
}

void LateAnswers::Add(const Sample& sample, const std::string& error) {
  ++requests;
  longest_us = std::max(longest_us, sample.LatencyUs());
  if (sample.outcome != Outcome::kOk) {
    ++failures;
    first_error = first_error.empty() ? error : first_error;
  }
}

LatencySummary Summarize(const Histogram& latency) {
  LatencySummary summary;
  summary.avg_ms = ToMs(latency.MeanUs());
  summary.min_ms = ToMs(static_cast<double>(latency.min_us()));
  summary.max_ms = ToMs(static_cast<double>(latency.max_us()));
  summary.median_ms = ToMs(latency.PercentileUs(50));
  for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
    summary.percentiles_ms[i] = ToMs(latency.PercentileUs(kReportPercents[i]));
    summary.carried[i] = Carries(latency.count(), kReportPercents[i]);
  }
  return summary;
}

}  // namespace sqlicorn::loadgen
