// SPDX-License-Identifier: MIT
#include "master/start/surroundings.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "(unset)" : value;
}

class SurroundingsTest : public testing::Test {
 protected:
  SurroundingsTest() { setenv("SQLICORN_TEST_A", "old", 1); }

  ~SurroundingsTest() override {
    fs::current_path(start_);
    unsetenv("SQLICORN_TEST_A");
    unsetenv("SQLICORN_TEST_B");
  }

  Status TakeOn(std::vector<std::string> raw_env, const std::string& chdir = "") {
    ServerSettings settings;
    settings.raw_env = std::move(raw_env);
    settings.chdir = chdir;
    return surroundings_.TakeOn(settings);
  }

  static std::string Both() { return Variable("SQLICORN_TEST_A") + Variable("SQLICORN_TEST_B"); }

  TempDir directory_;
  fs::path start_ = fs::current_path();
  Surroundings surroundings_{start_.string()};
};

TEST_F(SurroundingsTest, ExportWhatTheSettingsSay) {
  ASSERT_TRUE(TakeOn({"SQLICORN_TEST_A=1", "SQLICORN_TEST_B=x=y"}));
  EXPECT_EQ(Both(), "1x=y");
}

TEST_F(SurroundingsTest, PutOtherSettingsInThePlaceOfTheFormer) {
  ASSERT_TRUE(TakeOn({"SQLICORN_TEST_A=1", "SQLICORN_TEST_B=2"}));
  ASSERT_TRUE(TakeOn({"SQLICORN_TEST_B=3"}));
  EXPECT_EQ(Both(), "old3");
  ASSERT_TRUE(TakeOn({}));
  EXPECT_EQ(Both(), "old(unset)");
}

TEST_F(SurroundingsTest, RestoreAVariableThatWasSetTwice) {
  ASSERT_TRUE(TakeOn({"SQLICORN_TEST_A=1", "SQLICORN_TEST_A="}));
  EXPECT_EQ(Both(), "(unset)");
  surroundings_.RestoreEnvironment();
  EXPECT_EQ(Both(), "old(unset)");
}

TEST_F(SurroundingsTest, GoToTheDirectoryAndBack) {
  ASSERT_TRUE(TakeOn({}, directory_.path()));
  EXPECT_TRUE(fs::equivalent(fs::current_path(), directory_.path()));
  ASSERT_TRUE(TakeOn({}));
  EXPECT_EQ(fs::current_path(), start_);
}

TEST_F(SurroundingsTest, StayWhereTheDirectoryIsGone) {
  ASSERT_TRUE(TakeOn({"SQLICORN_TEST_A=1"}));
  EXPECT_FALSE(TakeOn({"SQLICORN_TEST_A=2"}, directory_.File("absent")));
  EXPECT_EQ(fs::current_path(), start_);
  EXPECT_EQ(Variable("SQLICORN_TEST_A"), "1");
}

}  // namespace
}  // namespace sqlicorn
