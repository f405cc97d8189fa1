// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "tests/loadgen/program.h"

namespace sqlicorn::loadgen {
namespace {

TEST(Selftest, ShowsThatTheReportTellsOfEachFault) {
  const Outcome outcome = RunProgram("selftest");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  for (const char* part :
       {"told      a server that stands still for a second: Slowest request: ",
        " ms; Longest time without an answer: ",
        "\ntold      a generator that is starved of its core: Verdict: INVALID: ",
        "the generator was kept waiting for a core for ",
        "\ntold      a write that is acknowledged and lost: AUDIT FAILED: toy: 1 lost, ",
        "write 7 was acknowledged and is not there\n"}) {
    EXPECT_TRUE(Contains(outcome.out, part)) << part << "\n" << outcome.out;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
