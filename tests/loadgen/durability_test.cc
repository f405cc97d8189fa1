// SPDX-License-Identifier: MIT
#include "loadgen/compare/durability.h"

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

struct Case {
  const char* journal_mode;
  const char* synchronous;
  const char* crash;
  const char* power_cut;
  bool durable;
};

TEST(Durability, SaysWhatSqlitesDocumentationSays) {
  const std::vector<Case> cases = {
      {"wal", "full", "nothing", "nothing", true},
      {"wal", "extra", "nothing", "nothing", true},
      {"wal", "normal", "nothing", "the last writes", false},
      {"wal", "off", "nothing", "the database", false},
      {"delete", "extra", "nothing", "nothing", true},
      {"delete", "full", "nothing", "the last write", false},
      {"delete", "normal", "nothing", "the database", false},
      {"truncate", "full", "nothing", "nothing", true},
      {"persist", "full", "nothing", "nothing", true},
      {"persist", "off", "nothing", "the database", false},
      {"memory", "full", "the database", "the database", false},
      {"off", "extra", "the database", "the database", false},
  };
  for (const Case& c : cases) {
    const Durability durability =
        DurabilityOf({{"journal_mode", c.journal_mode}, {"synchronous", c.synchronous}}, "ext4");
    EXPECT_EQ(durability.crash, c.crash) << c.journal_mode << c.synchronous;
    EXPECT_EQ(durability.power_cut, c.power_cut) << c.journal_mode << c.synchronous;
    EXPECT_EQ(durability.durable, c.durable) << c.journal_mode << c.synchronous;
  }
}

TEST(Durability, HasNoneInMemory) {
  const Durability durability =
      DurabilityOf({{"journal_mode", "wal"}, {"synchronous", "full"}}, "tmpfs");
  EXPECT_EQ(durability.power_cut, "all of it (in memory)");
  EXPECT_FALSE(durability.durable);
}

TEST(Durability, IsUnknownWhereThePragmasAre) {
  EXPECT_EQ(DurabilityOf({}, "ext4").crash, "unknown");
  EXPECT_EQ(DurabilityOf({{"journal_mode", "wal"}}, "ext4").power_cut, "unknown");
  EXPECT_FALSE(DurabilityOf({}, "ext4").durable);
}

}  // namespace
}  // namespace sqlicorn::loadgen
