// SPDX-License-Identifier: MIT
#include "common/base/directory.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(NamesIn, AreThoseOfWhatIsThere) {
  const auto names = NamesIn("/proc/self/task");
  EXPECT_EQ(names, std::vector<std::string>{std::to_string(getpid())});
  const auto processes = NamesIn("/proc");
  EXPECT_EQ(std::count(processes.begin(), processes.end(), std::to_string(getpid())), 1);
}

TEST(NamesIn, AreNoneWhereNothingCanBeRead) {
  EXPECT_TRUE(NamesIn("/proc/self/absent").empty());
  EXPECT_TRUE(NamesIn("/proc/self/status").empty());
  EXPECT_TRUE(NamesIn("").empty());
}

// Each is listed again and again until it has gone, in whatever moment that is.
TEST(NamesIn, OfAProcessThatEndsAreFewerAndNoFault) {
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(0);
    }
    ASSERT_GT(child, 0);
    const std::string tasks = fmt::format("/proc/{}/task", child);
    bool reaped = false;
    for (auto names = NamesIn(tasks); !names.empty(); names = NamesIn(tasks)) {
      reaped = reaped || waitpid(child, nullptr, WNOHANG) == child;
    }
    if (!reaped) {
      waitpid(child, nullptr, 0);
    }
    EXPECT_TRUE(NamesIn(tasks).empty());
  }
}

}  // namespace
}  // namespace sqlicorn
