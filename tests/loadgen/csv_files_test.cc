// SPDX-License-Identifier: MIT
#include "loadgen/report/csv_files.h"

#include <gtest/gtest.h>

#include "tests/loadgen/golden.h"

namespace sqlicorn::loadgen {
namespace {

using golden::Number;
using golden::Split;

LocustRow HistoryRow(const std::vector<std::string>& f) {
  LocustRow row{f[2],
                f[3],
                std::stoull(f[17]),
                std::stoull(f[18]),
                Number(f[19]),
                std::stod(f[20]),
                Number(f[21]),
                Number(f[22]),
                Number(f[23]),
                std::stod(f[4]),
                std::stod(f[5]),
                {}};
  for (std::size_t i = 0; i < row.percentiles.size() && f[6] != "N/A"; ++i) {
    row.percentiles[i] = std::stoull(f[6 + i]);
  }
  return row;
}

TEST(LocustCsv, NamesEveryFileThatCannotBeWritten) {
  const Status opened = CsvFiles("/proc/x", HistoryScope::kAggregated).Open(RunStats(Scenario()));
  ASSERT_FALSE(opened);
  for (const char* name : {"/proc/x_stats_history.csv", "/proc/x_stats.csv", "/proc/x_failures.csv",
                           "/proc/x_exceptions.csv"}) {
    EXPECT_NE(opened.error().message.find(name), std::string::npos) << opened.error().message;
  }
}

TEST(LocustCsv, WritesStatsAsLocustDoes) {
  EXPECT_EQ(StatsCsv(golden::FromCsv()), golden::Text("stats.csv"));
}

TEST(LocustCsv, WritesFailuresAsLocustDoes) {
  EXPECT_EQ(FailuresCsv(golden::FromCsv()), golden::Text("failures.csv"));
}

TEST(LocustCsv, WritesExceptionsAsLocustDoes) {
  EXPECT_EQ(ExceptionsCsv(), golden::Text("exceptions.csv"));
}

TEST(LocustCsv, WritesTheHistoryAsLocustDoes) {
  const std::string wanted = golden::Text("stats_history.csv");
  std::string text = HistoryCsvHeader();
  for (const std::string& line : Split(wanted, "\r\n")) {
    const std::vector<std::string> f = Split(line, ",");
    if (f.size() > 1 && f[0] != "Timestamp") {
      const auto users = static_cast<std::uint32_t>(std::stoul(f[1]));
      text += HistoryCsvLine(std::stoll(f[0]), users, HistoryRow(f));
    }
  }
  EXPECT_EQ(text, wanted);
}

TEST(LocustCsv, QuotesWhatHoldsACommaOrAQuote) {
  LocustTable table;
  table.errors = {{"GET", "/a,b", "ConnectionResetError(104, \"x\")", 1, 0, 0}};
  EXPECT_EQ(Split(FailuresCsv(table), "\r\n")[1],
            "GET,\"/a,b\",\"ConnectionResetError(104, \"\"x\"\")\",1,1970-01-01T00:00:00Z,"
            "1970-01-01T00:00:00Z");
}

TEST(LocustCsv, SaysZeroAndNotAvailableForAnEmptyRun) {
  LocustTable table;
  table.aggregated.name = "Aggregated";
  EXPECT_EQ(Split(StatsCsv(table), "\r\n")[1],
            ",Aggregated,0,0,0,0.0,0,0,0,0.0,0.0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A");
}

}  // namespace
}  // namespace sqlicorn::loadgen
