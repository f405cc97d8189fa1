// SPDX-License-Identifier: MIT
#include "worker/worker_signals.h"

#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "common/base/log.h"
#include "common/base/process.h"

namespace sqlicorn {
namespace {

// Whatever SIGQUIT was when the program was started. A log that has been written to a pipe keeps
// that, and would not be what the death test reads.
TEST(OrphanedWorker, ThatStartsEndsWithoutACore) {
  const auto orphaned = [](sighandler_t quit) {
    LogToNewStderr();
    std::signal(SIGQUIT, quit);
    EndWhenOrphaned();
    raise(SIGALRM);
  };
  for (const sighandler_t quit : {SIG_DFL, SIG_IGN}) {
    EXPECT_EXIT(orphaned(quit), testing::ExitedWithCode(static_cast<int>(ExitCode::kError)),
                "Parent changed, shutting down at once: worker that starts");
  }
}

TEST(OrphanedWorker, ThatServesIsToldAsBySigquit) {
  const auto orphaned = [] {
    for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) {
      std::signal(signal, [](int /*signal*/) { _exit(7); });
    }
    EndWhenOrphaned();
    RememberWhoTells();
    raise(SIGALRM);
  };
  EXPECT_EXIT(orphaned(), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace sqlicorn
