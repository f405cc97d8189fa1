// SPDX-License-Identifier: MIT
#include "loadgen/check_progress.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

// Standard error is no terminal then.
std::string LinesOf(milliseconds each, std::size_t all) {
  ::testing::internal::CaptureStderr();
  Console console;
  const TimePoint began = Clock::now();
  CheckProgress progress(console, began);
  for (std::size_t i = 1; i <= all; ++i) {
    progress.Tell(i, all, began + i * each);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(CheckProgress, SaysHowFarItIsEveryTwoSeconds) {
  EXPECT_EQ(LinesOf(milliseconds(2), 3000),
            "checked 500 of 3,000 configurations\nchecked 1,500 of 3,000 configurations\n"
            "checked 2,500 of 3,000 configurations\n");
}

TEST(CheckProgress, SaysNothingOfAFew) {
  EXPECT_EQ(LinesOf(milliseconds(2), 20), "");
}

}  // namespace
}  // namespace sqlicorn::loadgen
