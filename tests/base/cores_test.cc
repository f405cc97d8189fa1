// SPDX-License-Identifier: MIT
#include "common/base/cores.h"

#include <sched.h>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(UsableCores, AreThoseThatThereIsTimeFor) {
  const struct {
    std::size_t allowed;
    std::vector<std::string> cpu_max;
    std::size_t cores;
  } cases[] = {
      {8, {}, 8},
      {8, {"max 100000\n"}, 8},
      {8, {"200000 100000\n"}, 2},
      {8, {"max 100000", "300000 100000", "500000 100000"}, 3},
      {2, {"800000 100000"}, 2},
      {8, {"150000 100000"}, 2},
      {8, {"140000 100000"}, 1},
      {8, {"10000 100000"}, 1},
      {8, {"", "nonsense", "5 0", "-5 x"}, 8},
      {0, {}, 1},
  };

  for (const auto& row : cases) {
    EXPECT_EQ(UsableCores(row.allowed, row.cpu_max), row.cores)
        << row.allowed << (row.cpu_max.empty() ? "" : row.cpu_max.front());
  }
}

TEST(UsableCores, AreLimitedByEachGroupAboveToo) {
  EXPECT_EQ(
      CpuMaxPaths("0::/system.slice/x.service\n"),
      (std::vector<std::string>{"/sys/fs/cgroup/system.slice/x.service/cpu.max",
                                "/sys/fs/cgroup/system.slice/cpu.max", "/sys/fs/cgroup/cpu.max"}));
  EXPECT_EQ(CpuMaxPaths("4:memory:/a\n1:cpu:/b\n0::/\n"),
            std::vector<std::string>{"/sys/fs/cgroup/cpu.max"});
  EXPECT_TRUE(CpuMaxPaths("4:memory:/a\n1:cpu:/b\n").empty());
  EXPECT_TRUE(CpuMaxPaths("").empty());
}

TEST(UsableCores, AreThoseThatTheProcessMayRunOn) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_LE(UsableCores(), static_cast<std::size_t>(CPU_COUNT(&before)));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(UsableCores(), 1U);
  sched_setaffinity(0, sizeof(before), &before);
}

}  // namespace
}  // namespace sqlicorn
