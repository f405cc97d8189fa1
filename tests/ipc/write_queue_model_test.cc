// SPDX-License-Identifier: MIT
#include "tests/ipc/write_queue_model.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool kKnowsFibers = false;
#else
constexpr bool kKnowsFibers = true;
#endif

#if defined(__SANITIZE_ADDRESS__)
constexpr unsigned kSeeds = 300;
#else
constexpr unsigned kSeeds = 1000;
#endif

struct Case {
  const char* name;
  int faults;
  int lost_of_100;
};

class WriteQueueInterleavings : public testing::TestWithParam<Case> {};

// One holder at a time, first come first served, nobody forgotten, nobody robbed.
TEST_P(WriteQueueInterleavings, KeepItsPromises) {
  if (!kKnowsFibers) {
    GTEST_SKIP() << "the thread sanitizer cannot follow fibers; the threaded test is for it";
  }
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    const std::size_t workers = 2 + seed % 5;
    WriteQueueModel model({seed, workers, GetParam().faults, GetParam().lost_of_100});
    ASSERT_EQ(model.Run(25), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, WriteQueueInterleavings,
                         testing::Values(Case{"Kind", 0, 0}, Case{"WakeUpsLost", 0, 30},
                                         Case{"WorkersStoppedAndKilled", 3, 0},
                                         Case{"AllAtOnce", 6, 20}),
                         [](const auto& world) { return world.param.name; });

}  // namespace
}  // namespace sqlicorn
