// SPDX-License-Identifier: MIT
#include "loadgen/server/server_costs.h"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "loadgen/stats/machine.h"
#include "tests/support/temp_file.h"
#include "tests/support/wait_for.h"

namespace sqlicorn::loadgen {
namespace {

TEST(ParseProcessStat, ReadsTheFieldsBehindAnyName) {
  const auto stat = ParseProcessStat(
      "4242 (a (b) c) S 17 4242 4242 0 -1 4194560 900 80 7 6 11 22 33 44 20 0 3 0 12345 1 2\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, 17);
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->minor_faults, 980U);
  EXPECT_EQ(stat->major_faults, 13U);
  EXPECT_EQ(stat->cpu_ticks, 33U);
  EXPECT_EQ(stat->children_cpu_ticks, 77U);
}

TEST(ParseProcessStat, RefusesWhatIsCutShort) {
  EXPECT_FALSE(ParseProcessStat(""));
  EXPECT_FALSE(ParseProcessStat("4242 (name"));
  EXPECT_FALSE(ParseProcessStat("4242 (name) S 17 1 1 0 -1 4194560 900 80 7 6 11"));
  EXPECT_FALSE(ParseProcessStat("4242 (name) S x"));
}

TEST(NumberNamed, FindsTheNameAtTheStartOfALine) {
  const std::string text =
      "rchar: 1\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n";
  EXPECT_EQ(NumberNamed(text, "rchar"), 1U);
  EXPECT_EQ(NumberNamed(text, "voluntary_ctxt_switches"), 12U);
  EXPECT_EQ(NumberNamed(text, "nonvoluntary_ctxt_switches"), 3U);
  EXPECT_FALSE(NumberNamed(text, "char"));
  EXPECT_FALSE(NumberNamed("name:\n", "name"));
}

TEST(CostsSince, TellsTheDifferenceOfWhatBothKnow) {
  ServerCosts before;
  before.cpu_s = 1.5;
  before.switches = 10;
  before.written_bytes = 100;
  before.write_calls = 9;
  ServerCosts after;
  after.cpu_s = 2;
  after.minor_faults = 3;
  after.switches = 14;
  after.written_bytes = 100;
  const ServerCosts since = CostsSince(after, before).value();
  EXPECT_DOUBLE_EQ(since.cpu_s, 0.5);
  EXPECT_EQ(since.minor_faults, 3U);
  EXPECT_EQ(since.switches, 4U);
  EXPECT_EQ(since.written_bytes, 0U);
  EXPECT_FALSE(since.write_calls) << "unknown afterwards";
  EXPECT_FALSE(since.flushes);
}

// A process ended, and its switches with it.
TEST(CostsSince, DoesNotCountBackwards) {
  ServerCosts before;
  before.switches = 10;
  ServerCosts after;
  after.switches = 4;
  EXPECT_FALSE(CostsSince(after, before)->switches);
  before.cpu_s = 1;
  EXPECT_FALSE(CostsSince(after, before)) << "less CPU time than before";
}

// What it used is in hundredths of a second then, and partly nobody's.
TEST(CostsSince, IsUnknownOfAServerThatDied) {
  ServerCosts before;
  before.roots = {7, 8};
  ServerCosts after;
  after.cpu_s = 1;
  after.roots = {8, 7, 9};
  EXPECT_FALSE(LostRoot(after, before));
  EXPECT_TRUE(CostsSince(after, before));
  after.roots = {7};
  EXPECT_TRUE(LostRoot(after, before));
  EXPECT_FALSE(CostsSince(after, before));
}

TEST(CostsOf, KnowsNothingOfAProcessThatIsNotThere) {
  EXPECT_FALSE(CostsOf(-1, "/"));
}

// A shell that waits, with a child that has worked, written and ended, and one that is there.
TEST(CostsOf, AddsUpAProcessAndItsDescendants) {
  const TempDir dir;
  const std::string done = dir.File("done");
  const std::string script = "dd if=/dev/zero of=" + dir.File("file") +
                             " bs=65536 count=512 conv=fsync 2>/dev/null\n" +
                             "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done\n" + "(echo >" +
                             done + "; while [ -e " + done + " ]; do sleep 0.1; done) & wait";
  Loop loop;
  auto child = ChildProcess::Start(loop, {{"/bin/sh", "-c", script}, "", ""}, [](ProcessExit) {});
  ASSERT_TRUE(child);
  ASSERT_TRUE(WaitFor([&] { return std::filesystem::exists(done); }));
  const auto costs = CostsOf((*child)->pid(), dir.File(""));
  ASSERT_TRUE(costs);
  EXPECT_GE(costs->processes, 2U);
  EXPECT_GT(costs->cpu_s, 0.001);
  EXPECT_LT(costs->cpu_s, 60);
  EXPECT_GT(costs->minor_faults, 0U);
  EXPECT_GT(costs->switches.value_or(0), 0U);
  EXPECT_TRUE(costs->written_bytes);
  if (!IsVolatile(FileSystemOf(dir.File("")))) {
    EXPECT_GE(costs->written_bytes.value_or(0), 512U * 65536U);
  }
  EXPECT_GE(costs->write_calls.value_or(0), 512U);
}

}  // namespace
}  // namespace sqlicorn::loadgen
