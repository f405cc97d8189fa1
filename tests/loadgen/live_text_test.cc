// SPDX-License-Identifier: MIT
#include "loadgen/report/live_text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/loadgen/measured_run.h"

namespace sqlicorn::loadgen {
namespace {

struct Row {
  std::vector<double> values;
  std::size_t width;
  std::string blocks;
  std::string ascii;
};

TEST(Sparkline, ShowsTheLastValuesByTheirHeight) {
  const std::vector<Row> rows = {
      {{}, 10, "", ""},
      {{0, 0}, 10, "▁▁", "__"},
      {{1, 2, 3, 4, 5, 6, 7, 8}, 10, "▁▂▃▄▅▆▇█", "_.:-=+*#"},
      {{100, 0, 8}, 2, "▁█", "_#"},
      {{5}, 0, "", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Sparkline(row.values, row.width, Glyphs::kBlocks), row.blocks);
    EXPECT_EQ(Sparkline(row.values, row.width, Glyphs::kAscii), row.ascii);
  }
}

RunStats TwoTenths() {
  RunFixture run({});
  for (int i = 0; i < 50; ++i) {
    run.Read(std::chrono::milliseconds(i), std::chrono::milliseconds(1));
    run.Read(std::chrono::milliseconds(100 + i), std::chrono::milliseconds(20));
  }
  run.Read(std::chrono::milliseconds(150), std::chrono::milliseconds(20), "no");
  run.Read(std::chrono::milliseconds(250), std::chrono::milliseconds(20));
  return run.Measured().result.stats;
}

TEST(LiveLines, ShowRateLatencyAndTheFailureThatOccursMost) {
  EXPECT_EQ(LiveLines(TwoTenths(), 80, Glyphs::kAscii),
            "\n  ok/s          500 ##"
            "\n  p99 ms       20.0 _#"
            "\n  failing        1x GET /read/: no");
}

TEST(LiveLines, FitTheTerminal) {
  EXPECT_EQ(LiveLines(TwoTenths(), 21, Glyphs::kAscii),
            "\n  ok/s          500 #"
            "\n  p99 ms       20.0 #"
            "\n  failing        1x G");
  EXPECT_EQ(LiveLines(RunFixture({}).Measured().result.stats, 80, Glyphs::kAscii), "");
}

}  // namespace
}  // namespace sqlicorn::loadgen
