// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/program.h"
#include "tests/support/processes.h"
#include "tests/support/wait_for.h"

namespace sqlicorn::loadgen {
namespace {

TEST(Selftest, ShowsThatTheReportTellsOfEachFault) {
  const Outcome outcome = RunProgram("selftest");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  for (const char* part :
       {"told      a server that stands still for a second: Slowest request: ",
        " ms; Longest time without an answer: ",
        "\ntold      a generator that is starved of its core: Verdict: INVALID: ",
        "the generator was kept waiting for a core for ",
        "\ntold      a write that is acknowledged and lost: AUDIT FAILED: toy: 1 lost, ",
        "write 7 was acknowledged and is not there\n"}) {
    EXPECT_TRUE(Contains(outcome.out, part)) << part << "\n" << outcome.out;
  }
}

pid_t StartSelftest() {
  const pid_t pid = fork();
  if (pid == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execl(LOADGEN_PROGRAM, LOADGEN_PROGRAM, "selftest", nullptr);
    _exit(127);
  }
  return pid;
}

// A frozen process takes no signal but this one.
TEST(Selftest, LeavesNoFrozenServerBehindWhenItIsInterrupted) {
  const pid_t selftest = StartSelftest();
  pid_t frozen = 0;
  EXPECT_TRUE(WaitFor([&] {
    for (const pid_t child : ChildrenOf(selftest)) {
      frozen = InfoOf(child).state == 'T' ? child : frozen;
    }
    return frozen != 0;
  }));
  kill(selftest, SIGINT);
  waitpid(selftest, nullptr, 0);
  ASSERT_NE(frozen, 0);
  const bool gone = WaitFor([&] {
    const char state = InfoOf(frozen).state;
    return state == 'X' || state == 'Z';
  });
  EXPECT_TRUE(gone);
  if (!gone) {
    kill(frozen, SIGKILL);
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
