// SPDX-License-Identifier: MIT
#include <functional>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "loadgen/report/exchange_formats.h"

namespace sqlicorn::loadgen {
namespace {

std::string LabelText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      escaped += '\\';
    }
    escaped += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return escaped;
}

std::string LabelsOf(const ConfigurationNumbers& configuration) {
  return fmt::format("configuration=\"{}\"", LabelText(configuration.name));
}

std::string LabelsOf(const ConfigurationNumbers& configuration, const Numbers& endpoint) {
  return fmt::format("{},method=\"{}\",endpoint=\"{}\"", LabelsOf(configuration),
                     LabelText(endpoint.method), LabelText(endpoint.name));
}

std::string Head(const char* name, const char* type, const char* help) {
  return fmt::format("# HELP sqlicorn_loadgen_{0} {2}\n# TYPE sqlicorn_loadgen_{0} {1}\n", name,
                     type, help);
}

// A metric with a value for each endpoint of each configuration.
std::string EndpointMetric(const Comparison& comparison, const char* name, const char* type,
                           const char* help, std::uint64_t Numbers::*member) {
  std::string text = Head(name, type, help);
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    for (const Numbers& endpoint : configuration.measured.endpoints) {
      text += fmt::format("sqlicorn_loadgen_{}{{{}}} {}\n", name, LabelsOf(configuration, endpoint),
                          endpoint.*member);
    }
  }
  return text;
}

std::string ConfigurationMetric(const Comparison& comparison, const char* name, const char* help,
                                const std::function<double(const ConfigurationNumbers&)>& value) {
  std::string text = Head(name, "gauge", help);
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    text += fmt::format("sqlicorn_loadgen_{}{{{}}} {}\n", name, LabelsOf(configuration),
                        value(configuration));
  }
  return text;
}

constexpr double kMsPerSecond = 1000;

std::string Durations(const Comparison& comparison) {
  constexpr const char* kName = "sqlicorn_loadgen_request_duration_seconds";
  std::string text = Head("request_duration_seconds", "summary",
                          "From sending a request to its complete answer, failed ones too.");
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    for (const Numbers& endpoint : configuration.measured.endpoints) {
      const std::string labels = LabelsOf(configuration, endpoint);
      for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
        text += fmt::format("{}{{{},quantile=\"{}\"}} {}\n", kName, labels,
                            fmt::format("{:.6g}", kReportPercents[i] / 100),
                            endpoint.latency.percentiles_ms[i] / kMsPerSecond);
      }
      text += fmt::format(
          "{0}_sum{{{1}}} {2}\n{0}_count{{{1}}} {3}\n", kName, labels,
          endpoint.latency.avg_ms * static_cast<double>(endpoint.requests) / kMsPerSecond,
          endpoint.requests);
    }
  }
  return text;
}

// With the first reason. Absent where none failed.
std::string FailedRuns(const Comparison& comparison) {
  std::map<std::string, std::uint64_t> counts;
  std::vector<const FailedRunNote*> firsts;
  for (const FailedRunNote& run : comparison.failed) {
    if (++counts[run.configuration] == 1) {
      firsts.push_back(&run);
    }
  }
  std::string text =
      firsts.empty() ? "" : Head("failed_runs", "gauge", "Runs that did not come to their end.");
  for (const FailedRunNote* run : firsts) {
    text += fmt::format("sqlicorn_loadgen_failed_runs{{configuration=\"{}\",reason=\"{}\"}} {}\n",
                        LabelText(run->configuration), LabelText(run->why),
                        counts.at(run->configuration));
  }
  return text;
}

std::string Totals(const Comparison& comparison) {
  return Head("configurations_not_measured", "gauge",
              "Configurations of which nothing was measured.") +
         fmt::format("sqlicorn_loadgen_configurations_not_measured {}\n",
                     comparison.not_measured.size()) +
         Head("audit_failures", "gauge", "Configurations whose audit failed.") +
         fmt::format("sqlicorn_loadgen_audit_failures {}\n", comparison.audit_failures.size());
}

}  // namespace

std::string ComparisonPrometheus(const Comparison& comparison) {
  return EndpointMetric(comparison, "requests_total", "counter",
                        "Requests that ended in the counted time.", &Numbers::requests) +
         EndpointMetric(comparison, "failures_total", "counter", "Failed requests among them.",
                        &Numbers::failures) +
         Durations(comparison) +
         ConfigurationMetric(comparison, "ok_per_second", "Successful requests per second.",
                             [](const ConfigurationNumbers& configuration) {
                               return configuration.measured.all.ok_rps;
                             }) +
         ConfigurationMetric(comparison, "lost_writes",
                             "Acknowledged writes that the audit did not find.",
                             [](const ConfigurationNumbers& configuration) {
                               return static_cast<double>(configuration.measured.audit.lost);
                             }) +
         FailedRuns(comparison) + Totals(comparison);
}

}  // namespace sqlicorn::loadgen
