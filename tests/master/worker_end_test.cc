// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include <csignal>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "master/fleet/children.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

// Wait statuses as the kernel makes them.
int Exited(int code) {
  return code << 8;
}

int Killed(int signal) {
  return signal;
}

// What the log says behind "[LEVEL] ", level included.
std::string LogOf(EndCause cause, int status) {
  const TempDir directory;
  EXPECT_TRUE(SetLogTarget(directory.File("log")));
  LogWorkerEnd({.pid = 7, .spawned_at = {}, .end_cause = cause}, status);
  EXPECT_TRUE(SetLogTarget("-"));
  const std::string text = ReadFile(directory.File("log")).value();
  return text.empty() ? "" : text.substr(text.rfind(" [") + 1);
}

TEST(WorkerEnd, IsToldWithWhoDidItAndWhy) {
  EXPECT_EQ(LogOf(EndCause::kNone, Exited(0)),
            "[INFO] Worker (pid:7) has ended, not by the master.\n");
  EXPECT_EQ(
      LogOf(EndCause::kReload, Exited(0)),
      "[INFO] Worker (pid:7) has ended, by the master: a new configuration has taken over.\n");
  EXPECT_EQ(LogOf(EndCause::kGivenUp, Exited(0)),
            "[INFO] Worker (pid:7) has ended, by the master: its configuration was given up.\n");
  EXPECT_EQ(LogOf(EndCause::kNone, Exited(3)), "[ERROR] Worker (pid:7) exited with code 3.\n");
  EXPECT_EQ(LogOf(EndCause::kGraceful, Exited(1)),
            "[ERROR] Worker (pid:7) exited with code 1, ended by the master: graceful_timeout was "
            "over.\n");
  EXPECT_EQ(LogOf(EndCause::kNone, Killed(SIGKILL)),
            "[ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?\n");
  EXPECT_EQ(LogOf(EndCause::kNone, Killed(SIGSEGV)),
            "[WARNING] Worker (pid:7) was sent SIGSEGV, not by the master.\n");
  EXPECT_EQ(LogOf(EndCause::kNone, Killed(SIGABRT) | WCOREFLAG),
            "[WARNING] Worker (pid:7) was sent SIGABRT, not by the master. Its core was dumped.\n");
  EXPECT_EQ(LogOf(EndCause::kGraceful, Killed(SIGKILL)),
            "[WARNING] Worker (pid:7) was sent SIGKILL, by the master: graceful_timeout was "
            "over.\n");
  EXPECT_EQ(LogOf(EndCause::kHeartbeat, Killed(SIGABRT)),
            "[WARNING] Worker (pid:7) was sent SIGABRT, by the master: it had been silent for "
            "longer than timeout.\n");
  EXPECT_EQ(LogOf(EndCause::kShutdown, Killed(SIGQUIT)),
            "[WARNING] Worker (pid:7) was sent SIGQUIT, by the master: shutdown.\n");
  EXPECT_EQ(LogOf(EndCause::kSurplus, Killed(SIGTERM)),
            "[WARNING] Worker (pid:7) was sent SIGTERM, by the master: fewer workers wanted.\n");
}

TEST(WorkerEnd, IsBadUnlessItExitedWithZero) {
  EXPECT_FALSE(EndedBadly(Exited(0)));
  EXPECT_TRUE(EndedBadly(Exited(1)));
  EXPECT_TRUE(EndedBadly(Killed(SIGTERM)));
  EXPECT_TRUE(ExitedWith(Exited(3), ExitCode::kWorkerBoot));
  EXPECT_FALSE(ExitedWith(Killed(SIGQUIT), ExitCode::kWorkerBoot));
}

TEST(WorkerEnd, NamesSignals) {
  EXPECT_EQ(SignalName(SIGTERM), "SIGTERM");
  EXPECT_EQ(SignalName(99), "signal 99");
  EXPECT_EQ(LowerCaseName(SIGHUP), "hup");
  EXPECT_EQ(LowerCaseName(99), "99");
}

}  // namespace
}  // namespace sqlicorn
