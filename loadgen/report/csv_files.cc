// SPDX-License-Identifier: MIT
#include "loadgen/report/csv_files.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common/base/file.h"

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

constexpr std::int64_t kWindow = 10;
constexpr std::int64_t kSlack = 8;  // how far from the window's begin a snapshot may be

// Names every file that could not be written.
Status Both(const Status& first, const Status& second) {
  return first.ok() || second.ok()
             ? (first.ok() ? second : first)
             : Error{fmt::format("{}\n{}", first.error().message, second.error().message)};
}

}  // namespace

CsvFiles::CsvFiles(std::string prefix, HistoryScope scope)
    : prefix_(std::move(prefix)), history_(scope) {}

Status CsvFiles::Open(const RunStats& stats) {
  const std::filesystem::path folder = std::filesystem::path(prefix_).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
    return Error{fmt::format("cannot make the folder '{}': {}", folder.string(), error.message())};
  }
  const Status history = WriteFile(prefix_ + "_stats_history.csv", HistoryCsvHeader());
  return Both(history, WriteTables(stats));
}

Status CsvFiles::WriteTables(const RunStats& stats) {
  const LocustTable table = MakeLocustTable(stats, LocustRates::kTotal);
  const Status all = Both(WriteFile(prefix_ + "_stats.csv", StatsCsv(table)),
                          WriteFile(prefix_ + "_failures.csv", FailuresCsv(table)));
  return Both(all, WriteFile(prefix_ + "_exceptions.csv", ExceptionsCsv()));
}

Status CsvFiles::AppendHistory(std::uint32_t users, const RunStats& stats) {
  const std::string path = prefix_ + "_stats_history.csv";
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << history_.LinesAt(std::time(nullptr), users, stats);
  file.close();
  return file ? Status() : SystemError(fmt::format("cannot write '{}'", path), errno);
}

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
