// SPDX-License-Identifier: MIT
#include "loadgen/ending.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

struct Row {
  std::vector<Ending> endings;
  int code;
};

TEST(Ending, GravestDecidesTheExitCode) {
  using enum Ending;
  const std::vector<Row> rows = {
      {{kGood}, 0},
      {{kGood, kRequestsFailed}, 7},
      {{kRequestsFailed, kError}, 1},
      {{kThreshold, kError}, 3},
      {{kThreshold, kInterrupted}, 130},
      {{kNotWritten, kInterrupted, kThreshold}, 6},
      {{kNotWritten, kInvalid}, 4},
      {{kInvalid, kWritesLost}, 5},
      {{kUsage, kWritesLost, kInvalid, kNotWritten, kThreshold, kError}, 2},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(ExitCodeOf(*std::max_element(row.endings.begin(), row.endings.end()), 7), row.code);
  }
}

TEST(Ending, IsToldByHelpWithEveryCode) {
  for (const Ending ending :
       {Ending::kGood, Ending::kError, Ending::kThreshold, Ending::kInterrupted,
        Ending::kNotWritten, Ending::kInvalid, Ending::kWritesLost, Ending::kUsage}) {
    const std::string line = "\n  " + std::to_string(ExitCodeOf(ending)) + " ";
    EXPECT_NE(kExitCodesHelp.find(line), std::string_view::npos) << line;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
