// SPDX-License-Identifier: MIT
// Which cores `sqlicorn-loadgen compare` and its servers run on.
#include <sched.h>

#include <csignal>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "tests/loadgen/compare_program.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

// What /proc says of a process, whose folder this is.
std::string AllowedOf(const std::string& process) {
  const std::string status = testing::ReadAll(process + "/status");
  const std::string name = "\nCpus_allowed_list:\t";
  const std::size_t at = status.find(name);
  const std::size_t from = at + name.size();
  return at == std::string::npos ? "" : status.substr(from, status.find('\n', from) - from);
}

class CompareCores : public CompareProgram {
 protected:
  void SetUp() override {
    if (sched_getaffinity(0, sizeof(before_), &before_) != 0 || CPU_COUNT(&before_) < 2) {
      GTEST_SKIP() << "one core";
    }
  }

  void TearDown() override { sched_setaffinity(0, sizeof(before_), &before_); }

  // Fills in generator_ and servers_ while a server runs, and ends the comparison then.
  void Look(const std::string& arguments) {
    RunAndLook(arguments + " --duration 20s", "rows-before.json", [this](ChildProcess& program) {
      generator_ = AllowedOf("/proc/" + std::to_string(program.pid()));
      for (const std::string& server : Writers("/server.log")) {
        servers_.insert(AllowedOf(server));
      }
      program.Kill(SIGINT);
    });
  }

  cpu_set_t before_{};
  std::string generator_;
  std::set<std::string> servers_;
};

TEST_F(CompareCores, AreTheServersButForOneThatIsTheGenerators) {
  const std::string all = AllowedOf("/proc/self");
  Look("--only wal");
  ASSERT_EQ(servers_.size(), 1U);
  EXPECT_NE(generator_, *servers_.begin());
  EXPECT_NE(generator_, all);
  EXPECT_EQ(generator_.find_first_not_of("0123456789"), std::string::npos) << generator_;
  EXPECT_TRUE(Contains(err_, "core " + generator_ + " is the generator's alone, core " +
                                 *servers_.begin() + " the servers'"))
      << err_;
}

TEST_F(CompareCores, AreTheSameForACommand) {
  Append("plan.toml",
         "[[configuration]]\nname = 'other'\ncommand = ['/bin/sh', '-c', "
         "'\"$@\"', 'sh', " +
             OwnServer() + "]\n");
  Look("--only wal");
  const std::set<std::string> ours = servers_;
  Look("--only other");
  EXPECT_EQ(servers_, ours);
}

TEST_F(CompareCores, AreSharedWhereItIsAskedFor) {
  const std::string all = AllowedOf("/proc/self");
  Look("--only wal --no-pin");
  EXPECT_EQ(generator_, all);
  EXPECT_EQ(servers_, std::set<std::string>{all});
  EXPECT_FALSE(Contains(err_, "core ")) << err_;
}

TEST_F(CompareCores, AreSharedWhereThereIsOne) {
  int first = 0;
  while (!CPU_ISSET(first, &before_)) {
    ++first;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  ASSERT_EQ(Run("--only wal --rounds 1"), 0) << err_;
  EXPECT_TRUE(Contains(err_, "one core: server and generator share it")) << err_;
  EXPECT_TRUE(Contains(out_, "1 core for server and generator together")) << out_;
}

TEST_F(CompareCores, StandInTheReport) {
  ASSERT_EQ(Run("--only wal --rounds 1 --save " + dir_.File("s.json") + " --json-file " +
                dir_.File("c.json")),
            0)
      << err_;
  const auto json = JsonOf(testing::ReadAll(dir_.File("c.json")));
  const std::string own = json["provenance"]["generator_cores"];
  EXPECT_EQ(json["provenance"]["cores"], CPU_COUNT(&before_)) << "counted before one was taken";
  EXPECT_TRUE(Contains(out_, " cores (" + own + " for the generator alone, ")) << out_;
  const std::string again = LOADGEN_PROGRAM " report " + dir_.File("s.json");
  ASSERT_EQ(RunCommand(again), 0);
  EXPECT_TRUE(Contains(out_, " cores (" + own + " for the generator alone, ")) << out_;
}

}  // namespace
}  // namespace sqlicorn::loadgen
