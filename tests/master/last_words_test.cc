// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "common/base/process.h"
#include "master/process/process_spawner.h"
#include "tests/master/master_testing.h"

namespace sqlicorn {
namespace {

TEST(LastWords, AreTheFirstThatWereSaid) {
  LastWords words;
  EXPECT_EQ(words.Take(), "");
  TellStarter("the cause");
  TellStarter("what came of it");
  EXPECT_EQ(words.Take(), "the cause");
  EXPECT_EQ(words.Take(), "");
}

TEST(LastWords, AreCutWhereTheyAreTooLongForOneWrite) {
  LastWords words;
  TellStarter(std::string(100000, 'x'));
  EXPECT_EQ(words.Take(), std::string(4095, 'x'));
}

// Nobody may wait for a master that does not listen.
TEST(LastWords, AreLostWhenThereIsNoRoom) {
  LastWords words;
  for (int i = 0; i < 100; ++i) {
    TellStarter(std::string(4000, 'x'));
  }
  EXPECT_EQ(words.Take(), std::string(4000, 'x'));
  TellStarter("again");
  EXPECT_EQ(words.Take(), "again");
}

TEST(LastWords, GoNowhereWithoutAListener) {
  { const LastWords words; }
  TellStarter("hello");
  EXPECT_EQ(LastWords().Take(), "");
}

}  // namespace
}  // namespace sqlicorn
