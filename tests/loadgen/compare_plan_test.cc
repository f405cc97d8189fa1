// SPDX-License-Identifier: MIT
// Mistakes of a plan, as `sqlicorn-loadgen compare` tells them: all at once, before anything runs.
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/compare_program.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

class WrongPlan : public CompareProgram {
 protected:
  void Replace(const std::string& file, const std::string& what, const std::string& with) {
    std::string text = testing::ReadAll(dir_.File(file));
    text.replace(text.find(what), what.size(), with);
    Write(file, text);
  }

  void ExpectRefused(const std::string& part) {
    EXPECT_TRUE(Contains(err_, part)) << err_;
    EXPECT_FALSE(Contains(err_, "run 1/")) << err_;
    EXPECT_EQ(out_, "");
    EXPECT_TRUE(LeftNothing());
  }
};

TEST_F(WrongPlan, IsToldWithItsFilesAtOnce) {
  Replace("plan.toml", "server = \"server.toml\"", "server = \"no-server.toml\"");
  Replace("plan.toml", "users = 4", "users = 0");
  Replace("load.toml", "path = '/read/'", "pathh = '/read/'");
  Append("plan.toml", "[[configuration]]\nname = 'x'\nnmae = 'y'\n");
  EXPECT_EQ(Run(), 2);
  ExpectRefused("plan.toml:2:1: cannot read '" + dir_.File("no-server.toml") + "': No such file");
  ExpectRefused("plan.toml:4:1: users must be");
  ExpectRefused("load.toml:2:1: ");
  ExpectRefused("unknown key 'nmae'");
}

TEST_F(WrongPlan, NamesAScenarioThatIsNotThere) {
  Replace("plan.toml", "load.toml", "lood.toml");
  EXPECT_EQ(Run(), 2);
  ExpectRefused("plan.toml:3:1: cannot read '" + dir_.File("lood.toml") + "': No such file");
}

TEST_F(WrongPlan, TellsAllConfigurationsThatTheServerRefuses) {
  Append("plan.toml",
         "[[configuration]]\nname = 'bad'\nset = { server.wrokers = 1 }\n"
         "[[configuration]]\nname = 'worse'\nset = { server.backlog = 'x' }\n");
  EXPECT_EQ(Run(), 2);
  ExpectRefused("plan.toml:18:16: configuration 'bad'");
  ExpectRefused("plan.toml:21:16: configuration 'worse'");
}

TEST_F(WrongPlan, HasNoRoundsBesideABudget) {
  EXPECT_EQ(Run("--rounds 3 --budget 10s"), 2);
  ExpectRefused("--budget");
  Replace("plan.toml", "rounds = 2", "rounds = 2\nbudget = '10s'");
  EXPECT_EQ(Run(), 2);
  ExpectRefused("plan.toml:7:1: 'rounds' and 'budget' exclude each other");
}

TEST_F(WrongPlan, NamesARateThatIsNone) {
  Replace("plan.toml", "rounds = 2", "rounds = 2\nrate = 'fast'");
  EXPECT_EQ(Run(), 2);
  ExpectRefused("plan.toml:8:1: ");
  EXPECT_EQ(Run("--rate fast"), 2);
  ExpectRefused("--rate");
}

// The flag has the last word.
TEST_F(WrongPlan, IsMendedByAFlag) {
  Replace("plan.toml", "rounds = 2", "budget = '60s'");
  EXPECT_EQ(Run("--rounds 1 --only wal"), 0) << err_;
  EXPECT_TRUE(Contains(err_, "1 configuration, 1 round, seed 1")) << err_;
}

TEST_F(WrongPlan, HasADatabaseThatIsNotThere) {
  Write("plan.toml",
        testing::ReadAll(dir_.File("plan.toml")) + "[database]\ncopy_from = '/nonexistent/x.db'\n");
  EXPECT_EQ(Run(""), 2);
  ExpectRefused("plan.toml:");
  EXPECT_TRUE(Matches(err_, "plan.toml:[0-9]+:[0-9]+: cannot read '/nonexistent/x.db'")) << err_;
}

TEST_F(WrongPlan, HasNoTimeForASearch) {
  EXPECT_EQ(Tune("plan.toml --budget 3s --duration 10s --warmup 0"), 2);
  ExpectRefused("--budget 3s: one round of 5 runs takes 50s at the least");
}

}  // namespace
}  // namespace sqlicorn::loadgen
