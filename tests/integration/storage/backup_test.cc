// SPDX-License-Identifier: MIT
// A copy of the database that is made while clients write.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/integration/site.h"
#include "tests/integration/writers.h"
#include "tests/support/run_program.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {
namespace {

ProgramEnd CopyTo(const Site& site, const std::string& copy) {
  return RunSqlicorn(fmt::format("-c '{}' --set database.path='{}' --query \"VACUUM INTO '{}'\"",
                                 site.dir().File("sqlicorn.toml"), site.database_path(), copy));
}

TEST(Backup, ByVacuumIntoEndsUnderWritesAndFailsNoRequest) {
  Site site;
  ServerOptions options;
  options.config = SiteConfig();
  const int port = site.StartWith(options).port();
  Writers writers(port, "/add_immediate/", 4);
  ASSERT_TRUE(WaitFor([&] { return writers.acknowledged() > 200; }));
  const std::string copy = site.dir().File("copy.db");
  const ProgramEnd backup = CopyTo(site, copy);
  EXPECT_EQ(backup.exit_code, 0) << backup.text;
  const int then = writers.acknowledged();
  EXPECT_TRUE(WaitFor([&] { return writers.acknowledged() > then + 50; }));
  writers.Stop();
  EXPECT_EQ(writers.refused(), 0);
  EXPECT_EQ(writers.broken(), 0);
  EXPECT_EQ(SqliteFile(copy).Ask("SELECT count(*) >= 200 FROM note"), "1");
  EXPECT_EQ(SqliteFile(copy).Ask("PRAGMA integrity_check"), "ok");
}

TEST(Backup, DoesNotReplaceADatabase) {
  Site site;
  site.Start();
  const std::string copy = site.dir().File("copy.db");
  SqliteFile(copy).Run("CREATE TABLE mine (a)");
  const ProgramEnd backup = CopyTo(site, copy);
  EXPECT_EQ(backup.exit_code, 1);
  EXPECT_NE(backup.text.find("output file already exists"), std::string::npos) << backup.text;
  EXPECT_EQ(SqliteFile(copy).Ask("SELECT count(*) FROM mine"), "0");
}

}  // namespace
}  // namespace sqlicorn
