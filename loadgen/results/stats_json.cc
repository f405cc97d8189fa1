// SPDX-License-Identifier: MIT
#include "loadgen/results/stats_json.h"

#include <array>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "loadgen/results/histogram_json.h"
#include "loadgen/results/verdict_json.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;
using Fate = AckLedger::Fate;

// In the order of the enumeration.
constexpr std::array<std::pair<const char*, Fate>, 4> kFates = {
    {{"unanswered", Fate::kUnanswered},
     {"acknowledged", Fate::kAcknowledged},
     {"failed", Fate::kFailed},
     {"no_write", Fate::kNoWrite}}};

Json RoundedJson(const RoundedTimes& times) {
  return FlatJson(times.Counts());
}

RoundedTimes ReadRounded(const JsonPlace& from) {
  constexpr std::uint64_t kLongestMs = 7 * 24 * 3'600'000;  // the table grows with the greatest key
  RoundedTimes times;
  for (const auto& [key_ms, count] : ReadFlat(from)) {
    if (key_ms > kLongestMs) {
      from.Refuse("has a time of more than a week");
      break;
    }
    times.Add(key_ms, count);
  }
  return times;
}

Json EndpointJson(const EndpointStats& endpoint) {
  return {{"method", endpoint.method},
          {"name", endpoint.name},
          {"writes", endpoint.writes},
          {"requests", endpoint.requests},
          {"failures", endpoint.failures},
          {"body_bytes", endpoint.body_bytes},
          {"latency", HistogramJson(endpoint.latency)},
          {"failed_latency",
           endpoint.failed_latency ? HistogramJson(*endpoint.failed_latency) : Json()},
          {"locust_ms_counts", RoundedJson(endpoint.rounded)}};
}

EndpointStats ReadEndpoint(const JsonPlace& from) {
  EndpointStats endpoint;
  endpoint.method = from["method"].As<std::string>();
  endpoint.name = from["name"].As<std::string>();
  endpoint.writes = from["writes"].As<bool>();
  endpoint.requests = from["requests"].As<std::uint64_t>();
  endpoint.failures = from["failures"].As<std::uint64_t>();
  endpoint.body_bytes = from["body_bytes"].As<std::uint64_t>();
  endpoint.latency = ReadHistogram(from["latency"]);
  if (from.Has("failed_latency")) {
    endpoint.failed_latency = ReadHistogram(from["failed_latency"]);
  }
  endpoint.rounded = ReadRounded(from["locust_ms_counts"]);
  return endpoint;
}

Json ErrorJson(const ErrorStats& error) {
  return {{"endpoint", error.endpoint},
          {"error", error.error},
          {"cause", error.cause},
          {"occurrences", error.occurrences},
          {"first_seen_us", error.first_seen_us},
          {"last_seen_us", error.last_seen_us}};
}

ErrorStats ReadError(const JsonPlace& from, std::size_t endpoints) {
  ErrorStats error;
  error.endpoint = from["endpoint"].As<std::uint64_t>();
  error.error = from["error"].As<std::string>();
  error.cause = from["cause"].As<std::string>();
  error.occurrences = from["occurrences"].As<std::uint64_t>();
  error.first_seen_us = from["first_seen_us"].As<std::int64_t>();
  error.last_seen_us = from["last_seen_us"].As<std::int64_t>();
  if (error.endpoint >= endpoints) {
    from["endpoint"].Refuse("names no endpoint of the run");
    error.endpoint = 0;
  }
  return error;
}

Json SecondsJson(const TimeSeries& seconds) {
  Json spans = Json::array();
  for (const TimeSeries::Span& span : seconds.spans()) {
    Pairs counts;
    for (std::size_t i = 0; i < span.counts.size(); ++i) {
      if (span.counts[i] > 0) {
        counts.emplace_back(static_cast<std::uint64_t>(TimeSeries::kLayout.MiddleOf(i)),
                            span.counts[i]);
      }
    }
    spans.push_back({{"requests", span.requests},
                     {"failures", span.failures},
                     {"max_us", span.max_us},
                     {"us_counts", FlatJson(counts)}});
  }
  return {{"span_ms", seconds.span_ms()}, {"spans", std::move(spans)}};
}

TimeSeries::Span ReadSpan(const JsonPlace& from) {
  TimeSeries::Span span;
  span.requests = from["requests"].As<std::uint64_t>();
  span.failures = from["failures"].As<std::uint64_t>();
  span.max_us = from["max_us"].As<std::uint64_t>();
  constexpr LogBuckets kLayout = TimeSeries::kLayout;
  for (const auto& [value, count] : ReadFlat(from["us_counts"])) {
    span.counts[kLayout.IndexOf(std::min(value, kLayout.greatest_value()))] +=
        static_cast<std::uint32_t>(count);
  }
  return span;
}

TimeSeries ReadSeconds(const JsonPlace& from) {
  std::vector<TimeSeries::Span> spans;
  const JsonPlace list = from["spans"];
  const std::size_t size = std::min(list.size(), TimeSeries::kMaxSpans);
  for (std::size_t i = 0; i < size; ++i) {
    spans.push_back(ReadSpan(list.At(i)));
  }
  TimeSeries seconds;
  seconds.Restore(from["span_ms"].As<std::uint32_t>(), std::move(spans));
  return seconds;
}

Json LedgerJson(const AckLedger& ledger) {
  Json json = Json::object();
  for (const auto& [name, fate] : kFates) {
    json[name] = ledger.Count(fate);
  }
  return json;
}

// Only how many there were of each fate is known afterwards, not which.
AckLedger ReadLedger(const JsonPlace& from) {
  constexpr std::uint64_t kMost = 1'000'000'000;  // a byte each
  AckLedger ledger;
  for (const auto& [name, fate] : kFates) {
    const auto count = from[name].As<std::uint64_t>();
    if (count > kMost) {
      from[name].Refuse("is more than a run can write");
      break;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      ledger.Settle(ledger.Issue(), fate);
    }
  }
  return ledger;
}

Json LateJson(const LateAnswers& late) {
  return {{"requests", late.requests},
          {"failures", late.failures},
          {"longest_us", late.longest_us},
          {"first_error", late.first_error}};
}

LateAnswers ReadLate(const JsonPlace& from) {
  return {from["requests"].As<std::uint64_t>(), from["failures"].As<std::uint64_t>(),
          from["longest_us"].As<std::uint64_t>(), from["first_error"].As<std::string>()};
}

Json ReplayJson(const std::optional<Replayed>& replay) {
  return replay ? Json{{"speed", replay->speed},
                       {"requests", replay->requests},
                       {"sent", replay->sent}}
                : Json();
}

std::optional<Replayed> ReadReplay(const JsonPlace& run) {
  if (!run.Has("replay")) {
    return std::nullopt;
  }
  const JsonPlace from = run["replay"];
  return Replayed{from["speed"].As<double>(), from["requests"].As<std::uint64_t>(),
                  from["sent"].As<std::uint64_t>()};
}

template <typename Item>
Json ListJson(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
  Json list = Json::array();
  for (const Item& item : items) {
    list.push_back(to_json(item));
  }
  return list;
}

RunStats ReadStats(const JsonPlace& from) {
  RunStats::Content content;
  content.start_unix_us = from["started_unix_us"].As<std::int64_t>();
  content.elapsed = std::chrono::nanoseconds(from["elapsed_ns"].As<std::int64_t>());
  content.window = std::chrono::nanoseconds(from["window_ns"].As<std::int64_t>());
  content.longest_gap = std::chrono::nanoseconds(from["longest_gap_ns"].As<std::int64_t>());
  const JsonPlace endpoints = from["endpoints"];
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    content.endpoints.push_back(ReadEndpoint(endpoints.At(i)));
  }
  const JsonPlace errors = from["errors"];
  for (std::size_t i = 0; i < errors.size(); ++i) {
    content.errors.push_back(ReadError(errors.At(i), content.endpoints.size()));
  }
  content.seconds = ReadSeconds(from["seconds"]);
  return RunStats(std::move(content));
}

}  // namespace

Json ToJson(const RunResult& result) {
  const RunStats::Content content = result.stats.content();
  return {{"scenario", result.scenario},
          {"host", result.host},
          {"run_id", result.run_id},
          {"users", result.users},
          {"spawn_rate", result.spawn_rate},
          {"seed", result.seed},
          {"started_unix_us", content.start_unix_us},
          {"elapsed_ns", content.elapsed.count()},
          {"window_ns", content.window.count()},
          {"duration_s", result.duration_s},
          {"generator_cpu_s", result.cpu_s},
          {"unanswered", result.unanswered},
          {"interrupted", result.interrupted},
          {"writes", LedgerJson(result.ledger)},
          {"late", LateJson(result.late)},
          {"longest_gap_ns", content.longest_gap.count()},
          {"without_service_s", result.without_service_s},
          {"errors", ListJson(content.errors, ErrorJson)},
          {"endpoints", ListJson(content.endpoints, EndpointJson)},
          {"seconds", SecondsJson(content.seconds)},
          {"lag", HistogramJson(result.lag)},
          {"open_loop", OpenLoopJson(result.open_loop)},
          {"facts", FactsJson(result.facts)},
          {"replay", ReplayJson(result.replay)},
          {"run_time_s", result.run_time_s ? Json(*result.run_time_s) : Json()}};
}

RunResult ReadRunResult(const JsonPlace& from) {
  RunResult result{from["scenario"].As<std::string>(),
                   from["host"].As<std::string>(),
                   from["run_id"].As<std::string>(),
                   from["users"].As<std::uint32_t>(),
                   from["spawn_rate"].As<double>(),
                   from["seed"].As<std::uint64_t>(),
                   from["duration_s"].As<double>(),
                   from["generator_cpu_s"].As<double>(),
                   from["unanswered"].As<std::uint64_t>(),
                   from["interrupted"].As<bool>(),
                   ReadStats(from),
                   ReadLedger(from["writes"]),
                   ReadLate(from["late"]),
                   from["without_service_s"].As<double>(),
                   ReadHistogram(from["lag"]),
                   ReadOpenLoop(from),
                   ReadFacts(from["facts"]),
                   ReadReplay(from)};
  if (from.Has("run_time_s")) {
    result.run_time_s = from["run_time_s"].As<double>();
  }
  return result;
}

}  // namespace sqlicorn::loadgen
