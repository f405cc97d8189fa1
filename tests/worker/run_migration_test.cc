// SPDX-License-Identifier: MIT
#include "worker/run_migration.h"

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kConfig = R"(
[database]
path = "m.db"
schema = ["one.sql", "two.sql"]
[database.pragmas]
journal_mode = "wal"
[statements]
select = "SELECT a FROM one JOIN two"
[[endpoint]]
path = "/"
methods = ["GET"]
steps = ["select"]
)";

class Migration : public testing::Test {
 protected:
  Migration() : config_(ConfigOf(kConfig, directory_.path())) {
    SetLogLevel(LogLevel::kError);
    Write("one.sql", "CREATE TABLE IF NOT EXISTS one (a);");
    Write("two.sql", "CREATE TABLE IF NOT EXISTS two (b);");
  }

  ~Migration() override { SetLogLevel(LogLevel::kInfo); }

  void Write(std::string_view name, std::string_view text) {
    ASSERT_TRUE(WriteFile(directory_.File(name), text));
  }

  // "" when it went well, else what is wrong.
  std::string Run(MigrationMode mode) {
    const Status done = RunMigration(config_, mode);
    return done ? "" : done.error().message;
  }

  [[nodiscard]] bool Exists(std::string_view name) const {
    return std::filesystem::exists(directory_.File(name));
  }

  std::string Tables() {
    const auto connection = OpenDatabase(config_.database.path);
    return Ask(*connection, "SELECT group_concat(name) FROM sqlite_schema");
  }

  TempDir directory_;
  ServerConfig config_;
};

TEST_F(Migration, CreatesTheDatabaseAndMayBeRepeated) {
  EXPECT_EQ(Run(MigrationMode::kApply), "");
  EXPECT_EQ(Run(MigrationMode::kApply), "");
  EXPECT_EQ(Tables(), "one,two");
  const auto connection = OpenDatabase(config_.database.path);
  EXPECT_EQ(Ask(*connection, "PRAGMA journal_mode"), "wal");
}

TEST_F(Migration, NamesFileAndPlaceOfASchemaErrorAndLeavesNothingOfTheSchema) {
  Write("two.sql", "CREATE TABLE two (b);\nCREATE TABLE three (c);\nINSERT INTO nope VALUES (1);");
  EXPECT_EQ(Run(MigrationMode::kApply),
            fmt::format("{}:3:1: no such table: nope (SQLITE_ERROR)", directory_.File("two.sql")));
  EXPECT_FALSE(Exists("m.db"));
  EXPECT_FALSE(Exists("m.db-wal"));
  EXPECT_FALSE(Exists("m.db-shm"));
}

// As a reload does.
TEST_F(Migration, LeavesNothingOfASchemaWhoseStatementsDoNotPrepare) {
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  Write("one.sql", "CREATE TABLE IF NOT EXISTS one (a); CREATE TABLE three (c);");
  config_.statements[0].sql = "SELECT nope FROM one";
  EXPECT_NE(Run(MigrationMode::kApply), "");
  EXPECT_EQ(Tables(), "one,two");
}

TEST_F(Migration, KeepsADatabaseThatWasThereBeforeItFailed) {
  Write("m.db", "");
  config_.statements[0].sql = "SELECT nope FROM one";
  EXPECT_NE(Run(MigrationMode::kApply), "");
  EXPECT_TRUE(Exists("m.db"));
}

TEST_F(Migration, RefusesASchemaThatEndsItsTransaction) {
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  const char* const scripts[][2] = {
      {"COMMIT; DROP TABLE one;", "two.sql:1:1: schema files run in one transaction, "},
      {"BEGIN TRANSACTION;\nDROP TABLE one;\nCOMMIT;", "two.sql:1:1: schema files run in one "},
      {"DROP TABLE one;\nEND;", "two.sql:2:1: schema files run in one transaction, "},
      {"DROP TABLE one; ROLLBACK;", "two.sql:1:17: schema files run in one transaction, "},
      {"DROP TABLE one; SAVEPOINT s;", "two.sql:1:17: schema files run in one transaction, "},
      {"ATTACH 'other.db' AS o;", "two.sql:1:1: schema files are for the database that is served"},
      {"PRAGMA wal_checkpoint(TRUNCATE);", "two.sql:1:1: schema files make no checkpoints"},
  };
  for (const auto& [script, words] : scripts) {
    Write("two.sql", script);
    for (const MigrationMode mode : {MigrationMode::kCheck, MigrationMode::kApply}) {
      EXPECT_NE(Run(mode).find(words), std::string::npos) << script << ": " << Run(mode);
      EXPECT_EQ(Tables(), "one,two") << script;
    }
  }
  EXPECT_FALSE(Exists("other.db"));
}

TEST_F(Migration, CheckSwitchesNoJournalModeAndLetsAStartDoIt) {
  {
    const auto other = OpenDatabase(config_.database.path);
    ASSERT_TRUE(other->Execute("PRAGMA journal_mode = delete; CREATE TABLE one (a)").ok());
  }
  EXPECT_EQ(Run(MigrationMode::kCheck), "");
  EXPECT_EQ(Run(MigrationMode::kApply), "");
  Write("m.db", "");
  std::filesystem::remove(config_.database.path + "-wal");
  EXPECT_EQ(Run(MigrationMode::kCheck), "");
  EXPECT_EQ(ReadFile(config_.database.path).value(), "");
}

// An unsafe virtual table in a trigger is usable only where the schema is trusted.
TEST_F(Migration, BothUseThePragmasOfAConnection) {
  Write("two.sql",
        "CREATE TABLE IF NOT EXISTS two (b);"
        "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (b);"
        "CREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON one BEGIN"
        "  INSERT INTO words VALUES (new.a); END;");
  config_.statements[0].sql = "INSERT INTO one VALUES (1)";
  config_.endpoints[0].answer.as = Respond::kOk;
  for (const bool trusted : {false, true}) {
    if (trusted) {
      config_.database.pragmas.push_back({"trusted_schema", "on", {}});
    }
    const std::string check = Run(MigrationMode::kCheck);
    EXPECT_EQ(check, Run(MigrationMode::kApply));
    EXPECT_TRUE(check.empty() || !trusted) << check;
    EXPECT_EQ(Exists("m.db"), check.empty());
  }
  EXPECT_EQ(Run(MigrationMode::kCheck), "");
}

TEST_F(Migration, NamesASchemaFileThatIsMissing) {
  std::filesystem::remove(directory_.File("two.sql"));
  EXPECT_EQ(Run(MigrationMode::kApply),
            fmt::format("cannot read '{}': No such file or directory", directory_.File("two.sql")));
}

TEST_F(Migration, ProvesThatEveryStatementPrepares) {
  config_.statements[0].sql = "SELECT nope FROM one";
  EXPECT_EQ(Run(MigrationMode::kApply),
            "t.toml:8:1: statement 'select': no such column: nope (at 1:8 of the SQL)");
}

TEST_F(Migration, FindsADamagedTable) {
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  std::string content = ReadFile(config_.database.path).value();
  ASSERT_GE(content.size(), 8192U);
  content.replace(4096, 4096, std::string(4096, 'x'));
  ASSERT_TRUE(WriteFile(config_.database.path, content));
  for (const MigrationMode mode : {MigrationMode::kApply, MigrationMode::kCheck}) {
    EXPECT_NE(Run(mode).find("m.db' is damaged: "), std::string::npos);
  }
}

TEST_F(Migration, FindsAnAccessLogThatCannotBeOpened) {
  config_.server.accesslog = "/nonexistent/access.log";
  EXPECT_EQ(Run(MigrationMode::kApply),
            "server.accesslog: cannot open the access log '/nonexistent/access.log': No such "
            "file or directory; make its directory or name another file");
}

TEST_F(Migration, CheckCreatesNothing) {
  EXPECT_EQ(Run(MigrationMode::kCheck), "");
  EXPECT_FALSE(Exists("m.db"));
  Write("one.sql", "CREATE TABEL one (a)");
  EXPECT_NE(Run(MigrationMode::kCheck).find("one.sql:1:8: near \"TABEL\": syntax error"),
            std::string::npos);
}

TEST_F(Migration, CheckTriesANewSchemaOnTheDatabaseAndChangesNothing) {
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  const std::string before = ReadFile(config_.database.path).value();
  Write("two.sql", "CREATE TABLE IF NOT EXISTS two (b); CREATE TABLE IF NOT EXISTS three (c);");
  config_.statements[0].sql = "SELECT c FROM three";
  EXPECT_EQ(Run(MigrationMode::kCheck), "");
  EXPECT_EQ(ReadFile(config_.database.path).value(), before);
  EXPECT_EQ(Tables(), "one,two");
}

TEST_F(Migration, CheckFindsAnErrorInTheSchemaOfAnExistingDatabase) {
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  Write("two.sql", "ALTER TABLE nope ADD x");
  EXPECT_NE(Run(MigrationMode::kCheck).find(": no such table: nope"), std::string::npos);
  EXPECT_EQ(Tables(), "one,two");
}

TEST_F(Migration, WaitsForNoWriterWhenNothingIsNew) {
  for (const char* journal_mode : {"wal", "delete"}) {
    config_.database.pragmas[0].value = journal_mode;
    ASSERT_EQ(Run(MigrationMode::kApply), "");
    const auto writer = OpenDatabase(config_.database.path);
    ASSERT_TRUE(writer->Execute("BEGIN IMMEDIATE").ok());
    EXPECT_EQ(Run(MigrationMode::kApply), "") << journal_mode;
    EXPECT_EQ(Run(MigrationMode::kCheck), "") << journal_mode;
  }
}

TEST_F(Migration, NamesTheLockThatANewSchemaWaitedFor) {
  config_.database.timeout = 0.01;
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  Write("two.sql", "CREATE TABLE three (c);");
  const auto writer = OpenDatabase(config_.database.path);
  ASSERT_TRUE(writer->Execute("BEGIN IMMEDIATE").ok());
  for (const MigrationMode mode : {MigrationMode::kApply, MigrationMode::kCheck}) {
    EXPECT_EQ(Run(mode),
              fmt::format("{}: database is locked (SQLITE_BUSY)", directory_.File("one.sql")));
  }
}

TEST_F(Migration, NamesTheProgramThatKeepsItFromReading) {
  config_.database.timeout = 0.01;
  ASSERT_EQ(Run(MigrationMode::kApply), "");
  const auto other = OpenDatabase(config_.database.path);
  ASSERT_TRUE(other->Execute("PRAGMA journal_mode = delete; BEGIN EXCLUSIVE").ok());
  for (const MigrationMode mode : {MigrationMode::kApply, MigrationMode::kCheck}) {
    EXPECT_EQ(Run(mode),
              fmt::format("cannot read '{}': the database is locked by another program, "
                          "which kept it for more than 0.01 s; end its transaction, or raise "
                          "database.timeout",
                          config_.database.path));
  }
}

TEST_F(Migration, BothRefuseADirectoryThatIsMissing) {
  config_.database.path = "/nonexistent/m.db";
  const std::string error =
      "database '/nonexistent/m.db': directory '/nonexistent': No such file or directory";
  EXPECT_EQ(Run(MigrationMode::kApply), error);
  EXPECT_EQ(Run(MigrationMode::kCheck), error);
}

TEST_F(Migration, BothRefuseAFileThatIsNoDatabase) {
  Write("m.db", "this is certainly not a database");
  const std::string error =
      fmt::format("database '{}': the file is not a SQLite database", directory_.File("m.db"));
  EXPECT_EQ(Run(MigrationMode::kApply), error);
  EXPECT_EQ(Run(MigrationMode::kCheck), error);
  EXPECT_EQ(ReadFile(directory_.File("m.db")).value(), "this is certainly not a database");
}

TEST_F(Migration, SaysThatAnOlderSchemaFileMadeTheTable) {
  EXPECT_EQ(Run(MigrationMode::kApply), "");
  Write("one.sql", "CREATE TABLE IF NOT EXISTS one (a, newer);");
  config_.statements[0].sql = "SELECT newer FROM one";
  for (const MigrationMode mode : {MigrationMode::kCheck, MigrationMode::kApply}) {
    const std::string error = Run(mode);
    EXPECT_NE(error.find("no such column: newer"), std::string::npos) << error;
    EXPECT_NE(error.find("ALTER TABLE in sqlite3 " + config_.database.path), std::string::npos)
        << error;
  }
}

}  // namespace
}  // namespace sqlicorn
