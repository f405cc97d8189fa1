// SPDX-License-Identifier: MIT
#include "common/ipc/doorbell.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

bool Rings(const Doorbell& bell) {
  pollfd waiting{bell.fd(), POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

TEST(Doorbell, WakesTheOwnerFromAChild) {
  const Doorbell bell = Doorbell::Create().value();
  EXPECT_FALSE(Rings(bell));
  const pid_t child = fork();
  if (child == 0) {
    bell.Ring();
    _exit(0);
  }
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(Rings(bell));
}

TEST(Doorbell, IsSilencedOfManyRingsAtOnceAndRingsAgain) {
  const Doorbell bell = Doorbell::Create().value();
  for (int i = 0; i < 1000; ++i) {
    bell.Ring();
  }
  bell.Silence();
  EXPECT_FALSE(Rings(bell));
  bell.Ring();
  EXPECT_TRUE(Rings(bell));
}

TEST(Doorbell, NeverBlocksWhenNobodyAnswers) {
  const Doorbell bell = Doorbell::Create().value();
  for (int i = 0; i < 100'000; ++i) {  // more than a pipe holds
    bell.Ring();
  }
  EXPECT_TRUE(Rings(bell));
}

}  // namespace
}  // namespace sqlicorn
