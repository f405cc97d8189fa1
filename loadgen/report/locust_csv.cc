// SPDX-License-Identifier: MIT
#include "loadgen/report/locust_csv.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kPercentColumns = "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%";

std::string Field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

std::string Percentiles(const LocustRow& row) {
  std::string text;
  for (const std::uint64_t key : row.percentiles) {
    text += text.empty() ? "" : ",";
    text += row.requests == 0 ? "N/A" : std::to_string(key);
  }
  return text;
}

std::string StatsLine(const LocustRow& row) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", row.method, Field(row.name),
                     row.requests, row.failures, PythonRepr(row.median), PythonRepr(row.average),
                     PythonRepr(row.min), PythonRepr(row.max), PythonRepr(row.average_size),
                     PythonRepr(row.requests_per_s), PythonRepr(row.failures_per_s),
                     Percentiles(row));
}

std::string Iso8601(std::int64_t unix_s) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_s)));
}

}  // namespace

std::string StatsCsv(const LocustTable& table) {
  std::string text = fmt::format(
      "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,"
      "Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,{}\r\n",
      kPercentColumns);
  for (const LocustRow& row : table.rows) {
    text += StatsLine(row);
  }
  return text + StatsLine(table.aggregated);
}

// Locust's order, by a hash of the key, says nothing: ours is that of the tables.
std::string FailuresCsv(const LocustTable& table) {
  std::vector<LocustError> errors = table.errors;
  std::sort(errors.begin(), errors.end(), [](const LocustError& a, const LocustError& b) {
    return std::tie(a.name, a.method, a.error) < std::tie(b.name, b.method, b.error);
  });
  std::string text = "Method,Name,Error,Occurrences,First Seen,Last Seen\r\n";
  for (const LocustError& error : errors) {
    text +=
        fmt::format("{},{},{},{},{},{}\r\n", error.method, Field(error.name), Field(error.error),
                    error.occurrences, Iso8601(error.first_seen_s), Iso8601(error.last_seen_s));
  }
  return text;
}

std::string ExceptionsCsv() {
  return "Count,Message,Traceback,Nodes\r\n";
}

std::string HistoryCsvHeader() {
  return fmt::format(
      "Timestamp,User Count,Type,Name,Requests/s,Failures/s,{},Total Request Count,"
      "Total Failure Count,Total Median Response Time,Total Average Response Time,"
      "Total Min Response Time,Total Max Response Time,Total Average Content Size\r\n",
      kPercentColumns);
}

std::string HistoryCsvLine(std::int64_t unix_s, std::uint32_t users, const LocustRow& row) {
  return fmt::format("{},{},{},{},{:.6f},{:.6f},{},{},{},{},{},{},{},{}\r\n", unix_s, users,
                     row.method, Field(row.name), row.requests_per_s, row.failures_per_s,
                     Percentiles(row), row.requests, row.failures, PythonRepr(row.median),
                     PythonRepr(row.average), PythonRepr(row.min), PythonRepr(row.max),
                     PythonRepr(row.average_size));
}

}  // namespace sqlicorn::loadgen
