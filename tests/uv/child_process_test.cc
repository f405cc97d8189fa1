// SPDX-License-Identifier: MIT
#include "common/uv/child_process.h"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "common/base/file.h"

namespace sqlicorn {
namespace {

TEST(ChildProcess, ReportsItsExitStatusAndWritesToTheFile) {
  Loop loop;
  const std::string path = testing::TempDir() + "child_process_test_output";
  std::filesystem::remove(path);
  std::optional<ProcessExit> exit;
  const auto child =
      ChildProcess::Start(loop, {{"/bin/sh", "-c", "echo out; echo err >&2; exit 7"}, path, path},
                          [&](ProcessExit e) { exit = e; });
  ASSERT_TRUE(child);
  loop.Run();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 7);
  EXPECT_EQ(ReadFile(path).value(), "out\nerr\n");
  std::filesystem::remove(path);
}

TEST(ChildProcess, IsKilledWithItsOwner) {
  Loop loop;
  pid_t pid = 0;
  {
    const auto child = ChildProcess::Start(loop, {{"/bin/sleep", "600"}, "", ""}, [](auto) {});
    ASSERT_TRUE(child);
    pid = (*child)->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  // Killed but never reaped by libuv, whose handle is gone: wait for it here.
  loop.Run();
  int status = 0;
  while (waitpid(pid, &status, 0) == -1 && errno == EINTR) {
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(ChildProcess, NamesTheProgramThatCannotBeStarted) {
  Loop loop;
  const auto child = ChildProcess::Start(loop, {{"/nonexistent/program"}, "", ""}, [](auto) {});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().message,
            "cannot start '/nonexistent/program': No such file or directory");
}

}  // namespace
}  // namespace sqlicorn
