// SPDX-License-Identifier: MIT
#include "loadgen/report/locust_console.h"

#include <gtest/gtest.h>

#include "tests/loadgen/golden.h"

namespace sqlicorn::loadgen {
namespace {

// What follows the log lines in the golden console.
std::string GoldenTables() {
  const std::string text = golden::Text("console.txt");
  return text.substr(text.find("Type  "));
}

TEST(LocustConsole, PrintsTheThreeTablesAsLocustDoes) {
  const LocustTable table = golden::FromConsole();
  EXPECT_EQ(StatsTable(table, 80) + PercentilesTable(table, 80) + ErrorReport(table, 80),
            GoldenTables());
}

TEST(LocustConsole, TruncatesTimesAndRoundsRates) {
  LocustTable table;
  table.rows = {{"GET", "/", 3, 1, 44.9, 44.9, 0.999, 44.999, 0, 0.126, 0.0149, {}}};
  const std::string row = golden::Split(StatsTable(table, 10), "\n")[2];
  EXPECT_EQ(row,
            "GET      /            3    1(33.33%) |     44       0      44     44 |    0.13        "
            "0.01");
}

TEST(LocustConsole, HasNoErrorReportWithoutErrors) {
  EXPECT_EQ(ErrorReport(LocustTable(), 80), "");
}

TEST(LocustConsole, LeavesThePercentilesOfAnEmptyRunOut) {
  const auto lines = golden::Split(PercentilesTable(LocustTable(), 80), "\n");
  ASSERT_EQ(lines.size(), 6u);  // title, head, two separators, an empty line, the end
  EXPECT_EQ(lines[2], lines[3]);
}

TEST(LocustConsole, FitsTheNameColumnToTheTerminal) {
  EXPECT_EQ(NameWidthFor(60), 0);
  EXPECT_EQ(NameWidthFor(100), 20);
  EXPECT_EQ(NameWidthFor(300), 80);
}

TEST(LocustConsole, SurvivesATerminalOfNoWidth) {
  const auto lines = golden::Split(StatsTable(golden::FromConsole(), 0), "\n");
  EXPECT_EQ(lines[1].substr(0, 18), "--------||-------|");
}

}  // namespace
}  // namespace sqlicorn::loadgen
