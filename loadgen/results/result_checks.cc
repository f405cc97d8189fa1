// SPDX-License-Identifier: MIT
#include "loadgen/results/result_checks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr double kMostSeconds = 1e9;                            // 30 years
constexpr std::uint64_t kMostRequests = 1'000'000'000'000'000;  // each of them exact as a double

void CheckSeconds(const JsonPlace& from, std::string_view member, double seconds) {
  if (!(seconds >= 0 && seconds <= kMostSeconds)) {
    from[member].Refuse(fmt::format("is not between 0 and {:.0f} seconds", kMostSeconds));
  }
}

void CheckNanoseconds(const JsonPlace& from, std::string_view member) {
  const auto most = static_cast<std::int64_t>(kMostSeconds * 1e9);
  if (const auto value = from[member].As<std::int64_t>(); value < 0 || value > most) {
    from[member].Refuse(fmt::format("is not between 0 and {} nanoseconds", most));
  }
}

// Of anything that has both members.
void CheckFailures(const JsonPlace& from, std::uint64_t requests, std::uint64_t failures) {
  if (requests > kMostRequests) {
    from["requests"].Refuse(fmt::format("is more than {}", kMostRequests));
  }
  if (failures > requests) {
    from["failures"].Refuse("is more than requests");
  }
}

void CheckEndpoint(const JsonPlace& from, const EndpointStats& endpoint) {
  CheckFailures(from, endpoint.requests, endpoint.failures);
  if (endpoint.latency.count() != endpoint.requests) {
    from["latency"]["us_counts"].Refuse("does not count as many times as there are requests");
  }
  if (endpoint.rounded.count() != endpoint.requests) {
    from["locust_ms_counts"].Refuse("does not count as many times as there are requests");
  }
}

// Each occurrence is a failure of its endpoint.
void CheckErrors(const JsonPlace& from, const RunStats& stats) {
  std::vector<std::uint64_t> left;
  for (const EndpointStats& endpoint : stats.endpoints()) {
    left.push_back(endpoint.failures);
  }
  for (std::size_t i = 0; i < stats.errors().size(); ++i) {
    const ErrorStats& error = stats.errors()[i];
    if (error.occurrences > left[error.endpoint]) {
      from.At(i)["occurrences"].Refuse("is more than the failures of the endpoint");
      return;
    }
    left[error.endpoint] -= error.occurrences;
  }
}

void CheckResult(const JsonPlace& from, const RunResult& result) {
  CheckSeconds(from, "duration_s", result.duration_s);
  CheckSeconds(from, "generator_cpu_s", result.cpu_s);
  for (const char* member : {"elapsed_ns", "window_ns", "longest_gap_ns"}) {
    CheckNanoseconds(from, member);
  }
  const std::vector<EndpointStats>& endpoints = result.stats.endpoints();
  if (endpoints.empty()) {
    from["endpoints"].Refuse("is empty, and every scenario has one");
  }
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    CheckEndpoint(from["endpoints"].At(i), endpoints[i]);
  }
  if (result.stats.requests() > 0 && result.duration_s == 0) {
    from["duration_s"].Refuse("is 0, and there are requests that ended in this time");
  }
  CheckErrors(from["errors"], result.stats);
  const JsonPlace spans = from["seconds"]["spans"];
  for (std::size_t i = 0; i < result.stats.seconds().spans().size(); ++i) {
    const TimeSeries::Span& span = result.stats.seconds().spans()[i];
    CheckFailures(spans.At(i), span.requests, span.failures);
  }
  CheckFailures(from["late"], result.late.requests, result.late.failures);
}

// See Audit. Where rows from before the run are gone, there may be fewer than none, which is 0.
void CheckAudit(const JsonPlace& from, const Audit& audit) {
  const std::uint64_t expected =
      audit.acknowledged + audit.duplicates + audit.unacknowledged + audit.unexplained;
  if (audit.rows > 0 && audit.rows + audit.lost != expected) {
    from["rows"].Refuse("is not acknowledged - lost + duplicates + unacknowledged + unexplained");
  }
}

}  // namespace

void CheckHead(const JsonPlace& from, const ResultHead& head) {
  const JsonPlace provenance = from["provenance"];
  CheckSeconds(provenance, "duration_s", head.provenance.duration_s);
  CheckSeconds(provenance, "warmup_s", head.provenance.warmup_s);
  if (head.kind == ResultKind::kComparison && head.provenance.duration_s == 0) {
    provenance["duration_s"].Refuse("is 0, and no plan may say so");
  }
  if (head.provenance.rounds > kMaxRounds) {
    provenance["rounds"].Refuse(fmt::format("is more than {}", kMaxRounds));
  }
  if (head.configurations.empty()) {
    from["configurations"].Refuse("is empty");
  }
  for (std::size_t i = 0; i < head.configurations.size(); ++i) {
    const std::string& name = head.configurations[i].name;
    const auto breaks = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    if (name.empty() || std::any_of(name.begin(), name.end(), breaks)) {
      from["configurations"].At(i)["name"].Refuse("is not the name of a configuration");
    }
  }
}

void CheckRounds(const JsonPlace& from, const ResultHead& head) {
  const JsonPlace runs = from["runs"];
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen;
  const std::size_t size = runs.size();
  for (std::size_t i = 0; i < size; ++i) {
    const JsonPlace run = runs.At(i);
    const auto configuration = run["configuration"].As<std::uint64_t>();
    if (!seen.emplace(run["round"].As<std::uint32_t>(), configuration).second &&
        configuration < head.configurations.size()) {
      run["round"].Refuse(
          fmt::format("has a run of '{}' already", head.configurations[configuration].name));
    }
  }
}

void CheckRun(const JsonPlace& from, const ResultHead& head, const MeasuredRun& run) {
  if (run.step.round >= head.provenance.rounds) {
    from["round"].Refuse(fmt::format("is not below provenance.rounds, {}", head.provenance.rounds));
  }
  CheckAudit(from["audit"], run.audit);
  CheckResult(from["result"], run.result);
}

}  // namespace sqlicorn::loadgen
