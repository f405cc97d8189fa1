// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "common/base/text.h"

namespace sqlicorn {
namespace {

const std::vector<std::string> kNames = {"workers", "timeout", "graceful_timeout", "bind"};

TEST(DidYouMean, FindsTheNearestName) {
  EXPECT_EQ(DidYouMean("wrokers", kNames), " (did you mean 'workers'?)");
  EXPECT_EQ(DidYouMean("Graceful-Timeout", kNames), " (did you mean 'graceful_timeout'?)");
}

TEST(DidYouMean, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(DidYouMean("certificate", kNames), "");
  EXPECT_EQ(DidYouMean("x", kNames), "");
}

}  // namespace
}  // namespace sqlicorn
