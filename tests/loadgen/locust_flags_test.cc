// SPDX-License-Identifier: MIT
#include "loadgen/locust_flags.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

using Words = std::vector<std::string_view>;
using Lines = std::vector<std::string>;

TEST(LocustFlags, AreRefusedWithWhatToUseInstead) {
  const std::string file =
      "--locustfile is locust's: tasks are in a TOML file: --scenario FILE (docs/scenarios.md)";
  for (const Words& words : {Words{"-f", "x.py"}, Words{"-fx.py"}, Words{"--locustfile", "x.py"},
                             Words{"--locustfile=x.py"}}) {
    EXPECT_EQ(RefuseLocustsOwn(words, {}), Lines{file});
  }
  EXPECT_EQ(RefuseLocustsOwn({"--html", "a.html"}, {}),
            Lines{"--html is locust's: use --html-file FILE"});
}

TEST(LocustFlags, AreRefusedAllAtOnce) {
  EXPECT_EQ(RefuseLocustsOwn({"-u", "5", "--master", "--expect-workers=2"}, {}).size(), 2u);
}

TEST(LocustFlags, OfRunAreLeftAlone) {
  EXPECT_EQ(RefuseLocustsOwn({"--headless", "-u",       "5",           "-r", "5",     "-t", "1m",
                              "--host",     "http://f", "--html-file", "x",  "--csv", "p",  "-L",
                              "INFO",       "--json",   "-s",          "1",  "--",    "-f"},
                             {}),
            Lines());
}

TEST(LocustFlags, OfTheEnvironmentAreRefusedToo) {
  EXPECT_EQ(RefuseLocustsOwn({}, {"HOME=/", "LOCUST_USERS=5", "LOCUST_HEADLESS=1",
                                  "LOCUST_CSV=", "LOCUST_WEB_PORT=1"}),
            (Lines{"LOCUST_USERS is locust's, and the environment is not read here: unset it, use "
                   "--users",
                   "LOCUST_WEB_PORT is locust's, and the environment is not read here: unset it"}));
}

}  // namespace
}  // namespace sqlicorn::loadgen
