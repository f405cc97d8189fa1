// SPDX-License-Identifier: MIT
#include "loadgen/report/csv_files.h"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "loadgen/report/locust_csv.h"

namespace sqlicorn::loadgen {

CsvFiles::CsvFiles(std::string prefix, HistoryScope scope)
    : prefix_(std::move(prefix)), history_(scope) {}

Status CsvFiles::Open(const RunStats& stats) {
  const std::filesystem::path folder = std::filesystem::path(prefix_).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
    return Error{fmt::format("cannot make the folder '{}': {}", folder.string(), error.message())};
  }
  if (Status status = WriteFile(prefix_ + "_stats_history.csv", HistoryCsvHeader()); !status) {
    return status;
  }
  return WriteTables(stats);
}

Status CsvFiles::WriteTables(const RunStats& stats) {
  const LocustTable table = MakeLocustTable(stats, LocustRates::kTotal);
  if (Status status = WriteFile(prefix_ + "_stats.csv", StatsCsv(table)); !status) {
    return status;
  }
  if (Status status = WriteFile(prefix_ + "_failures.csv", FailuresCsv(table)); !status) {
    return status;
  }
  return WriteFile(prefix_ + "_exceptions.csv", ExceptionsCsv());
}

Status CsvFiles::AppendHistory(std::uint32_t users, const RunStats& stats) {
  const std::string path = prefix_ + "_stats_history.csv";
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << history_.LinesAt(std::time(nullptr), users, stats);
  file.close();
  return file ? Status() : SystemError(fmt::format("cannot write '{}'", path), errno);
}

}  // namespace sqlicorn::loadgen
