// SPDX-License-Identifier: MIT
// A copy of the database that is made while clients write.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/run_program.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {
namespace {

TEST(Backup, ByVacuumIntoEndsUnderWritesAndFailsNoRequest) {
  Site site;
  ServerOptions options;
  options.config = SiteConfig();
  const int port = site.StartWith(options).port();
  Writers writers(port, "/add_immediate/", 4);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 200; }));
  const std::string copy = site.dir().File("copy.db");
  const ProgramEnd backup = RunSqlicorn(
      fmt::format("-c '{}' --query \"VACUUM INTO '{}'\"", site.dir().File("sqlicorn.toml"), copy));
  EXPECT_EQ(backup.exit_code, 0) << backup.text;
  const int then = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > then + 50; }));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(SqliteFile(copy).Ask("SELECT count(*) >= 200 FROM note"), "1");
  EXPECT_EQ(SqliteFile(copy).Ask("PRAGMA integrity_check"), "ok");
}

TEST(Backup, DoesNotReplaceAFile) {
  Site site;
  site.Start();
  const std::string copy = site.dir().File("copy.db");
  ASSERT_TRUE(WriteFile(copy, "mine"));
  const ProgramEnd backup = RunSqlicorn(
      fmt::format("-c '{}' --query \"VACUUM INTO '{}'\"", site.dir().File("sqlicorn.toml"), copy));
  EXPECT_EQ(backup.exit_code, 1);
  EXPECT_NE(backup.text.find("output file already exists"), std::string::npos) << backup.text;
  EXPECT_EQ(*ReadFile(copy), "mine");
}

}  // namespace
}  // namespace sqlicorn
