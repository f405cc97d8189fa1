// SPDX-License-Identifier: MIT
#include "worker/worker_signals.h"

#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "common/base/process.h"

namespace sqlicorn {
namespace {

TEST(OrphanedWorker, ThatStartsEndsWithoutACore) {
  const auto orphaned = [] {
    EndWhenOrphaned();
    raise(SIGALRM);
  };
  EXPECT_EXIT(orphaned(), testing::ExitedWithCode(static_cast<int>(ExitCode::kError)),
              "Parent changed, shutting down at once: worker that starts");
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
