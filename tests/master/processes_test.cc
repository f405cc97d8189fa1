// SPDX-License-Identifier: MIT
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/config/config_text.h"
#include "master/process/events.h"
#include "master/process/process_spawner.h"
#include "master/start/preparation.h"
#include "tests/config/config_testing.h"
#include "tests/master/master_testing.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

// Each test is a master in a process of its own, because signal masks are for good.

void WaitUntil(const SignalQueue& signals, TimePoint deadline) {
  EventWait wait;
  signals.AddTo(wait);
  wait.Until(deadline);
}

// -1 when no signal came.
int WaitForSignal(SignalQueue& signals) {
  WaitUntil(signals, Clock::now() + seconds(10));
  return signals.Take().value_or(-1);
}

int WaitFor(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

TEST(SignalQueue, ReturnsSignalsOneAtATime) {
  EXPECT_EQ(InChild([] {
              auto signals = SignalQueue::Open().value();
              kill(getpid(), SIGHUP);
              kill(getpid(), SIGTERM);
              const bool both = WaitForSignal(signals) + WaitForSignal(signals) == SIGHUP + SIGTERM;
              return both && !signals.Take() ? 0 : 1;
            }),
            0);
}

TEST(SignalQueue, WakesForAChildThatEnds) {
  EXPECT_EQ(InChild([] {
              auto signals = SignalQueue::Open().value();
              const auto child = ProcessSpawner(signals).Spawn([] { return ExitCode::kOk; });
              return child && WaitForSignal(signals) == SIGCHLD ? 0 : 1;
            }),
            0);
}

TEST(SignalQueue, SleepsNoLongerThanAsked) {
  EXPECT_EQ(InChild([] {
              const auto signals = SignalQueue::Open().value();
              const TimePoint start = Clock::now();
              WaitUntil(signals, start - seconds(1));
              WaitUntil(signals, start + milliseconds(20));
              return Clock::now() - start >= milliseconds(20) ? 0 : 1;
            }),
            0);
}

TEST(ProcessSpawner, EndsTheChildWithTheCodeOfItsBody) {
  EXPECT_EQ(InChild([] {
              const auto signals = SignalQueue::Open().value();
              const auto child = ProcessSpawner(signals).Spawn([] { return ExitCode::kAppLoad; });
              const int status = WaitFor(*child);
              return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            }),
            static_cast<int>(ExitCode::kAppLoad));
}

TEST(ProcessSpawner, GivesTheChildBackItsSignals) {
  EXPECT_EQ(InChild([] {
              std::signal(SIGQUIT, SIG_IGN);  // as a shell does for a job in the background
              const auto signals = SignalQueue::Open().value();
              const auto child = ProcessSpawner(signals).Spawn([] {
                raise(SIGQUIT);
                return ExitCode::kOk;
              });
              const int status = WaitFor(*child);
              return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
            }),
            SIGQUIT);
}

class PreparationTest : public testing::Test {
 protected:
  PreparationTest() {
    auto config = BuildServerConfig(Toml("database = { path = \"p.db\", schema = [\"s.sql\"] }"),
                                    directory_.path());
    EXPECT_TRUE(config) << ErrorOf(config);
    config_ = *std::move(config);
    Schema("CREATE TABLE IF NOT EXISTS t (a);");
  }

  void Schema(const std::string& sql) { EXPECT_TRUE(WriteFile(directory_.File("s.sql"), sql)); }

  // As an exit code. `before` runs once the signals are queued.
  int Prepare(const std::function<void()>& before = [] {}) {
    return InChild([&] {
      auto signals = SignalQueue::Open().value();
      before();
      return static_cast<int>(PrepareDatabase(config_, MigrationMode::kApply, signals));
    });
  }

  TempDir directory_;
  ServerConfig config_;
};

TEST_F(PreparationTest, IsDoneByAChild) {
  EXPECT_EQ(Prepare(), static_cast<int>(Preparation::kDone));
  const auto connection = OpenDatabase(config_.database.path);
  EXPECT_EQ(Ask(*connection, "SELECT name FROM sqlite_schema"), "t");
}

TEST_F(PreparationTest, FailsWithTheChild) {
  Schema("nonsense");
  EXPECT_EQ(Prepare(), static_cast<int>(Preparation::kWrong));
  std::filesystem::create_directory(config_.database.path);
  EXPECT_EQ(Prepare(), static_cast<int>(Preparation::kFailed));
}

TEST_F(PreparationTest, EndsWhenAStopIsWanted) {
  Schema("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
  EXPECT_EQ(Prepare([] { kill(getpid(), SIGTERM); }), static_cast<int>(Preparation::kInterrupted));
}

TEST_F(PreparationTest, NoticesItsChildThoughTheMasterWasStartedIgnoringChildren) {
  EXPECT_EQ(InChild([this] {
              std::signal(SIGCHLD, SIG_IGN);
              auto signals = SignalQueue::Open().value();
              return static_cast<int>(PrepareDatabase(config_, MigrationMode::kApply, signals));
            }),
            static_cast<int>(Preparation::kDone));
}

}  // namespace
}  // namespace sqlicorn
