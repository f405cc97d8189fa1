// SPDX-License-Identifier: MIT
#include "loadgen/run/descriptor_limit.h"

#include <sys/resource.h>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

class DescriptorLimitTest : public testing::Test {
 protected:
  DescriptorLimitTest() { getrlimit(RLIMIT_NOFILE, &before_); }

  ~DescriptorLimitTest() override { setrlimit(RLIMIT_NOFILE, &before_); }

  static rlim_t Soft() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }

  rlimit before_{};
};

TEST_F(DescriptorLimitTest, IsRaisedToWhatIsNeeded) {
  const rlimit low{64, before_.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_TRUE(AllowDescriptors(200));
  EXPECT_EQ(Soft(), 200U);
  EXPECT_TRUE(AllowDescriptors(100));
  EXPECT_EQ(Soft(), 200U) << "never lowered";
}

TEST_F(DescriptorLimitTest, RefusesWhatTheSystemDoesNotAllow) {
  const Status allowed = AllowDescriptors(5'000'000'000);
  ASSERT_FALSE(allowed);
  EXPECT_NE(allowed.error().message.find("5000000000"), std::string::npos);
  EXPECT_EQ(Soft(), before_.rlim_cur);
}

}  // namespace
}  // namespace sqlicorn::loadgen
