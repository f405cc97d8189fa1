// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/ack_ledger.h"
#include "loadgen/stats/each_second.h"
#include "loadgen/stats/error_kinds.h"
#include "loadgen/stats/histogram.h"
#include "loadgen/stats/rounded_times.h"
#include "loadgen/stats/sample.h"
#include "loadgen/stats/time_series.h"
#include "loadgen/stats/verdict.h"

namespace sqlicorn::loadgen {

// Requests and failures of each of the last seconds of a run, for the rates "at the moment".
class RecentSeconds {
 public:
  void Record(std::int64_t second, bool failed);
  void Merge(const RecentSeconds& other);

  struct Rates {
    double requests = 0;  // per second
    double failures = 0;
  };

  // Locust's current rate: the mean over the seconds [last - 12, last - 2) of the run, none of them
  // before `first`.
  [[nodiscard]] Rates RatesAt(std::int64_t last, std::int64_t first) const;

 private:
  struct Slot {
    std::int64_t second = -1;
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
  };

  std::array<Slot, 16> slots_;
};

// What was measured at one endpoint, that is, one pair of method and name.
struct EndpointStats {
  std::string method;  // "" in the aggregate
  std::string name;
  bool writes = false;  // some task of it is marked as a write
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  std::uint64_t body_bytes = 0;
  Histogram latency;
  std::optional<Histogram> failed_latency{};  // of the failed ones alone; none = nothing failed
  RoundedTimes rounded;
  RecentSeconds recent;
  EachSecond each_second;  // not of the aggregate, and no file keeps it

  void Merge(const EndpointStats& other);
};

// The statistics of one run: a failed request counts as a request too, as in locust. A value: it
// can be copied, and outlives the runner that filled it.
class RunStats {
 public:
  explicit RunStats(const Scenario& scenario);

  // What a file keeps of it.
  struct Content {
    std::vector<EndpointStats> endpoints;
    std::vector<ErrorStats> errors;
    TimeSeries seconds;
    std::int64_t start_unix_us = 0;
    Duration elapsed{};  // see ElapsedSeconds
    Duration window{};   // see WindowSeconds
    Duration longest_gap{};
  };

  [[nodiscard]] Content content() const;

  // The statistics of an earlier run, to be read only.
  explicit RunStats(Content content);

  // Starts counting at `start`, which is `start_unix_us` on the wall clock. What was counted before
  // is forgotten.
  void Begin(TimePoint start, std::int64_t start_unix_us);

  // Ends the window that Begin opened; nothing is recorded after it.
  void End(TimePoint end);

  // `error` is the text of a failure, "" for kOk. The request ended within the window, whenever it
  // began.
  void Record(const Sample& sample, std::string_view error);

  // One per distinct (name, method), in that order, those without a request too.
  [[nodiscard]] const std::vector<EndpointStats>& endpoints() const { return endpoints_; }

  // The sum of all endpoints, named "Aggregated".
  [[nodiscard]] EndpointStats Aggregated() const;

  // In the order of first occurrence.
  [[nodiscard]] const std::vector<ErrorStats>& errors() const { return errors_.list(); }

  // All requests, by the second in which they ended.
  [[nodiscard]] const TimeSeries& seconds() const { return seconds_; }

  [[nodiscard]] std::uint64_t requests() const { return requests_; }

  [[nodiscard]] std::uint64_t failures() const { return failures_; }

  // The time rates are taken over: as in locust from the start to the end of the last request, 0
  // before the first. Where the window ended and the silence before its end was longer than any
  // request took, the whole window: a server that stops answering must not gain by it.
  [[nodiscard]] double ElapsedSeconds() const { return ToSeconds(Elapsed()); }

  // The longest time of the window, to its end, in which nothing was answered: a stall that a
  // closed loop has few slow requests to tell of.
  [[nodiscard]] double LongestGapSeconds() const { return ToSeconds(LongestGap()); }

  // From Begin to End.
  [[nodiscard]] double WindowSeconds() const { return ToSeconds(end_ - start_); }

  [[nodiscard]] double PerSecond(std::uint64_t count) const;
  [[nodiscard]] RecentSeconds::Rates CurrentRates(const EndpointStats& endpoint) const;

  [[nodiscard]] std::int64_t start_unix_us() const { return start_unix_us_; }

 private:
  [[nodiscard]] Duration Elapsed() const;
  [[nodiscard]] Duration LongestGap() const;
  [[nodiscard]] std::int64_t UnixUs(TimePoint at) const;

  std::vector<EndpointStats> endpoints_;
  std::vector<std::size_t> endpoint_of_task_;
  ErrorKinds errors_;
  TimeSeries seconds_;
  std::uint64_t requests_ = 0;
  std::uint64_t failures_ = 0;
  TimePoint start_;
  TimePoint last_end_;
  TimePoint end_;                        // of the window; its start while it is open
  Duration longest_ = Duration::zero();  // any request took
  TimePoint last_answer_;
  Duration longest_gap_ = Duration::zero();  // before it
  std::int64_t start_unix_us_ = 0;
};

// The requests that ended when the window was over. They are in no rate and in no percentile, which
// are of what ended within it.
struct LateAnswers {
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
  std::uint64_t longest_us = 0;
  std::string first_error;  // in locust's words, "" = none

  void Add(const Sample& sample, const std::string& error);
};

// What an open loop sent, of what was due in the window.
struct OpenLoop {
  std::string rate;  // as it was asked for
  std::uint64_t sends = 0;
  std::uint64_t late = 0;        // by more than a millisecond, through the generator's fault
  std::uint64_t waited = 0;      // by more than a millisecond, for all users waited for answers
  std::uint64_t never_sent = 0;  // for that reason
  Histogram lateness;            // of the sends that a user was free for
  Histogram service;             // times from the sending; latencies are from when it was due
};

// What a replay sent of its log.
struct Replayed {
  double speed = 1;            // times that of the log
  std::uint64_t requests = 0;  // of the log that can be sent again
  std::uint64_t sent = 0;
};

// All that is known after a run: plain data, the only thing report writers and comparisons read.
struct RunResult {
  std::string scenario;  // Scenario::source
  std::string host;
  std::string run_id;
  std::uint32_t users = 0;
  double spawn_rate = 1;
  std::uint64_t seed = 0;
  double duration_s = 0;         // of the window: what ended in this time was counted
  double cpu_s = 0;              // of the generator itself, user and system, in that time
  std::uint64_t unanswered = 0;  // requests given up at the end; they are in no statistic
  bool interrupted = false;      // ended by Stop, not by its run time
  RunStats stats;
  AckLedger ledger;
  LateAnswers late{};
  // That users spent in pauses after broken connections, all of them together, in the window.
  double without_service_s = 0;
  Histogram lag{};  // of answers, from the kernel's receipt to our reading; a sample
  std::optional<OpenLoop> open_loop{};
  MeasurementFacts facts{};
  std::optional<Replayed> replay{};
  std::optional<double> run_time_s{};  // that was asked for; none = until a signal, or the log ends
};

inline constexpr std::array<double, 11> kReportPercents = {50, 66, 75,   80,    90, 95,
                                                           98, 99, 99.9, 99.99, 100};

// Whether so many values can carry this percentile: ten of them are to be expected beyond it, as
// the success-failure condition of a share asks for (Diez, Barr, Cetinkaya-Rundel: OpenIntro
// Statistics, 3.4). With fewer it is little more than the greatest value. The maximum, 100, needs
// no company.
[[nodiscard]] constexpr bool Carries(std::uint64_t values, double percent) {
  // The slack: 0.1 % of 10,000 is a hair below ten in binary.
  return percent >= 100 || static_cast<double>(values) * (100 - percent) / 100 >= 10 - 1e-6;
}

// The times of a histogram in milliseconds, to the microsecond.
struct LatencySummary {
  double avg_ms = 0;
  double min_ms = 0;
  double max_ms = 0;
  double median_ms = 0;
  std::array<double, kReportPercents.size()> percentiles_ms{};  // by kReportPercents
  std::array<bool, kReportPercents.size()> carried{};           // whether Carries holds
};

[[nodiscard]] LatencySummary Summarize(const Histogram& latency);

// Of the successful requests of an endpoint, and of the failed ones.
[[nodiscard]] LatencySummary SummarizeOk(const EndpointStats& endpoint);
[[nodiscard]] LatencySummary SummarizeFailed(const EndpointStats& endpoint);

}  // namespace sqlicorn::loadgen
