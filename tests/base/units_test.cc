// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "common/base/numbers.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsEveryUnitAndSums) {
  EXPECT_EQ(ParseDuration("250us").value(), 250us);
  EXPECT_EQ(ParseDuration("1.5ms").value(), 1500us);
  EXPECT_EQ(ParseDuration("30s").value(), 30s);
  EXPECT_EQ(ParseDuration("1h20m").value(), 80min);
  EXPECT_EQ(ParseDuration("0s").value(), 0s);
}

TEST(ParseDuration, RefusesWhatHasNoUnitOrNoSense) {
  for (const char* text :
       {"", "5", "ms", "-1s", "1x", "1s2", "1 s", "99999999999h", "nan", "infs"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(FormatDuration, IsReadBackUnchanged) {
  for (const Duration d : {Duration(0us), Duration(250us), Duration(1500us), Duration(30s)}) {
    EXPECT_EQ(ParseDuration(FormatDuration(d)).value(), d) << FormatDuration(d);
  }
}

TEST(ParseByteSize, KnowsBinaryAndDecimalUnits) {
  EXPECT_EQ(ParseByteSize("512").value(), 512);
  EXPECT_EQ(ParseByteSize("16MiB").value(), 16 * 1048576);
  EXPECT_EQ(ParseByteSize("64kB").value(), 64000);
  EXPECT_EQ(ParseByteSize("0.5KiB").value(), 512);
}

TEST(ParseByteSize, RefusesUnknownUnits) {
  for (const char* text : {"", "MiB", "1 MiB", "1mib", "-1", "1e30"}) {
    EXPECT_FALSE(ParseByteSize(text)) << text;
  }
}

}  // namespace
}  // namespace sqlicorn
