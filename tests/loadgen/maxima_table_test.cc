// SPDX-License-Identifier: MIT
#include "loadgen/report/maxima_table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Row = std::vector<std::string>;

FoundOfOne Found(const std::string& name, std::optional<double> met, SearchEnd end) {
  FoundOfOne one;
  one.found.host = name;
  one.found.met = met;
  one.end = end;
  if (end == SearchEnd::kUntold) {
    one.found.untold = 800;
  } else {
    one.found.missed = 420;
  }
  return one;
}

std::vector<Row> RowsOf(const std::vector<FoundOfOne>& all) {
  return MaximaTable(ParseObjective("p99 < 20ms").value(), all).rows;
}

TEST(MaximaTable, HasRatiosOfWhatIsToldAlone) {
  EXPECT_EQ(
      RowsOf({Found("first", 200, SearchEnd::kTold), Found("twice", 400, SearchEnd::kTold),
              Found("none", {}, SearchEnd::kTold), Found("busy", 400, SearchEnd::kUntold),
              Found("broken", 100, SearchEnd::kFailed), Found("cut", 100, SearchEnd::kEarly)}),
      (std::vector<Row>{{"first", "200", "420", "1.00", "VALID", "to 5 %"},
                        {"twice", "400", "420", "2.00", "VALID", "to 5 %"},
                        {"none", "-", "420", "-", "VALID", "met at no rate"},
                        {"busy", "400", "-", "not told", "INVALID", "800.0/s could not be told"},
                        {"broken", "100", "420", "not told", "-", "a run failed"},
                        {"cut", "100", "420", "not told", "-", "ended early"}}));
}

TEST(MaximaTable, HasNoRatioToAFirstThatWasNotTold) {
  const std::vector<Row> rows =
      RowsOf({Found("busy", 200, SearchEnd::kUntold), Found("told", 400, SearchEnd::kTold)});
  EXPECT_EQ(rows[0][3], "not told");
  EXPECT_EQ(rows[1][3], "not told");
}

}  // namespace
}  // namespace sqlicorn::loadgen
