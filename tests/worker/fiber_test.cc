// SPDX-License-Identifier: MIT
#include "worker/slice/fiber.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

std::unique_ptr<Fiber> MakeFiber() {
  auto fiber = Fiber::Make();
  EXPECT_TRUE(fiber) << fiber.error().message;
  return std::move(fiber).value();
}

TEST(Fiber, GoesOnWhereItWasSuspended) {
  const auto fiber = MakeFiber();
  std::string log;
  fiber->Run([&] {
    log += "a";
    fiber->Suspend();
    log += "b";
    fiber->Suspend();
    log += "c";
  });
  log += "1";
  fiber->Resume();
  log += "2";
  EXPECT_FALSE(fiber->at_rest());
  fiber->Resume();
  EXPECT_EQ(log, "a1b2c");
  EXPECT_TRUE(fiber->at_rest());
}

TEST(Fiber, RunsOneBodyAfterAnother) {
  const auto fiber = MakeFiber();
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    fiber->Run([&] { ++runs; });
    EXPECT_TRUE(fiber->at_rest());
  }
  EXPECT_EQ(runs, 3);
}

// What each has on its stack is its own.
TEST(Fiber, KeepsItsStackWhileOthersRun) {
  constexpr int kFibers = 20;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::array<int, kFibers> sums{};
  for (int i = 0; i < kFibers; ++i) {
    fibers.push_back(MakeFiber());
  }
  for (int i = 0; i < kFibers; ++i) {
    Fiber& fiber = *fibers[static_cast<std::size_t>(i)];
    fiber.Run([&fiber, &sums, i] {
      std::array<int, 1000> own{};
      for (int& number : own) {
        number = i;
        if (&number == &own[500]) {
          fiber.Suspend();
        }
      }
      for (const int number : own) {
        sums[static_cast<std::size_t>(i)] += number;
      }
    });
  }
  for (const auto& fiber : fibers) {
    fiber->Resume();
    EXPECT_TRUE(fiber->at_rest());
  }
  for (int i = 0; i < kFibers; ++i) {
    EXPECT_EQ(sums[static_cast<std::size_t>(i)], 1000 * i);
  }
}

// Touches `kilobytes` of the stack, a frame each.
int Descend(int kilobytes) {
  volatile char frame[1024] = {};
  frame[0] = static_cast<char>(kilobytes);
  return kilobytes == 0 ? frame[0] : Descend(kilobytes - 1) + (frame[0] == 0 ? 0 : 1);
}

TEST(Fiber, HasRoomForDeepRecursion) {
  const auto fiber = MakeFiber();
  int depth = 0;
  fiber->Run([&] { depth = Descend(256); });
  EXPECT_GT(depth, 0);
}

#ifndef __SANITIZE_THREAD__
TEST(FiberDeathTest, EndsTheProcessAtTheEndOfItsStack) {
  EXPECT_DEATH(
      {
        const auto fiber = MakeFiber();
        int depth = 0;
        fiber->Run([&] { depth = Descend(2 * static_cast<int>(Fiber::kStackBytes) / 1024); });
      },
      "");
}
#endif

}  // namespace
}  // namespace sqlicorn
