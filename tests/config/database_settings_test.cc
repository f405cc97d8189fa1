// SPDX-License-Identifier: MIT
#include "common/config/database_settings.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

Result<DatabaseSettings> Read(const std::string& text) {
  return ReadDatabaseSettings(Toml(text), {"/srv/app", 4});
}

TEST(DatabaseSettings, NeedAPathAndHaveDefaultsForTheRest) {
  const auto settings = Read("path = \"a.db\"");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->path, "/srv/app/a.db");
  EXPECT_TRUE(settings->schema.empty());
  EXPECT_EQ(settings->transaction_mode, TransactionMode::kDeferred);
  EXPECT_EQ(settings->timeout, 5.0);
  EXPECT_EQ(settings->busy_status, 503);
  EXPECT_EQ(settings->scheduler, SchedulerKind::kGroup);
  EXPECT_EQ(settings->write_queue_timeout, 0);
  EXPECT_EQ(settings->max_pending_writes, 1000);
  EXPECT_EQ(settings->max_batch, 64);
  EXPECT_EQ(settings->max_hold, std::chrono::milliseconds(5));
  EXPECT_EQ(settings->read_slice, std::chrono::milliseconds(1));
  EXPECT_EQ(settings->long_reads, 8);
  EXPECT_EQ(settings->statement_timeout, 0);
  EXPECT_EQ(settings->max_answer, 0);
  EXPECT_EQ(settings->checkpointer, CheckpointerKind::kAuto);
  EXPECT_TRUE(settings->pragmas.empty());
}

TEST(DatabaseSettings, ReadEveryKey) {
  const auto settings = Read(
      "path = \"/var/a.db\"\nschema = [\"../s.sql\", \"/t.sql\"]\ntransaction_mode = "
      "\"exclusive\"\n"
      "timeout = 2.5\nbusy_status = 500\nscheduler = \"constant\"\nunsafe = true\n"
      "write_queue_timeout = 1.5\nmax_pending_writes = 7\nmax_batch = 8\nmax_hold = \"20ms\"\n"
      "read_slice = \"2ms\"\nlong_reads = 3\nstatement_timeout = 2.5\nmax_answer = 9\n"
      "checkpointer = \"inline\"\ndouble_quoted_text = true\n"
      "[pragmas]\nsynchronous = \"off\"\ncache_size = -2000\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->path, "/var/a.db");
  EXPECT_EQ(settings->schema, (std::vector<std::string>{"/srv/s.sql", "/t.sql"}));
  EXPECT_EQ(settings->transaction_mode, TransactionMode::kExclusive);
  EXPECT_EQ(settings->timeout, 2.5);
  EXPECT_EQ(settings->busy_status, 500);
  EXPECT_EQ(settings->scheduler, SchedulerKind::kConstant);
  EXPECT_EQ(settings->write_queue_timeout, 1.5);
  EXPECT_EQ(settings->max_pending_writes, 7);
  EXPECT_EQ(settings->max_batch, 8);
  EXPECT_EQ(settings->max_hold, std::chrono::milliseconds(20));
  EXPECT_EQ(settings->read_slice, std::chrono::milliseconds(2));
  EXPECT_EQ(settings->long_reads, 3);
  EXPECT_EQ(settings->statement_timeout, 2.5);
  EXPECT_EQ(settings->max_answer, 9);
  EXPECT_EQ(settings->checkpointer, CheckpointerKind::kInline);
  EXPECT_TRUE(settings->double_quoted_text);
  ASSERT_EQ(settings->pragmas.size(), 2U);
  EXPECT_EQ(settings->pragmas[0].name, "synchronous");
  EXPECT_EQ(settings->pragmas[1].value, "-2000");
}

TEST(DatabaseSettings, ReadWhatMayBeDoneToTheFile) {
  EXPECT_EQ(Read("path = \"a\"")->access, DatabaseAccess::kReadWrite);
  EXPECT_EQ(Read("path = \"a\"\naccess = \"read-only\"")->access, DatabaseAccess::kReadOnly);
  EXPECT_EQ(Read("path = \"a\"\naccess = \"immutable\"")->access, DatabaseAccess::kImmutable);
}

TEST(DatabaseSettings, RefuseBadValues) {
  const std::vector<BadInput> cases = {
      {"", ": [database] needs 'path'"},
      {"path = \":memory:\"",
       ":1:1: database.path must be the path of a file, not the string \":memory:\""},
      {"path = \"\"", ":1:1: database.path must be the path of a file, not the string \"\""},
      {"path = \"a\"\nschema = [\"\"]",
       ":2:1: database.schema must be a list of SQL files, none of them \"\", not a list"},
      {"path = \"a\"\ntransaction_mode = \"none\"",
       ":2:1: database.transaction_mode must be one of deferred, immediate, exclusive, not the "
       "string \"none\""},
      {"path = \"a\"\naccess = \"ro\"",
       ":2:1: database.access must be one of read-write, read-only, immutable, not the string "
       "\"ro\""},
      {"path = \"a\"\nschema = [\"b\"]\naccess = \"read-only\"",
       ":2:1: database.schema must be left out where database.access = \"read-only\", not a "
       "list"},
      {"path = \"a\"\naccess = \"immutable\"\n[pragmas]\njournal_mode = \"wal\"",
       ":4:1: pragma journal_mode: must be left out where database.access = \"immutable\": there "
       "is "
       "no journal"},
      {"path = \"a\"\ntimeout = -1", ":2:1: database.timeout must be 0 to 3600, not -1"},
      {"path = \"a\"\nbusy_status = 404",
       ":2:1: database.busy_status must be one of 423, 429, 500, 503, not the integer 404"},
      {"path = \"a\"\nbusy_status = \"503\"",
       ":2:1: database.busy_status must be an integer, not the string \"503\""},
      {"path = \"a\"\nscheduler = \"bsy\"",
       ":2:1: database.scheduler must be one of none, busy, constant, retry, fifo, group, not the "
       "string \"bsy\" (did you mean 'busy'?)"},
      {"path = \"a\"\nwrite_queue_timeout = -1",
       ":2:1: database.write_queue_timeout must be 0 to 3600, not -1"},
      {"path = \"a\"\nmax_pending_writes = 0",
       ":2:1: database.max_pending_writes must be 1 to 1000000, not 0"},
      {"path = \"a\"\nmax_batch = 0", ":2:1: database.max_batch must be 1 to 10000, not 0"},
      {"path = \"a\"\nread_slice = \"2s\"", ":2:1: database.read_slice must be 0us to 1s, not 2s"},
      {"path = \"a\"\nlong_reads = 0", ":2:1: database.long_reads must be 1 to 100, not 0"},
      {"path = \"a\"\nmax_answer = -1",
       ":2:1: database.max_answer must be 0 to 1125899906842624, not -1"},
      {"path = \"a\"\nstatement_timeout = -1",
       ":2:1: database.statement_timeout must be 0 to 86400, not -1"},
      {"path = \"a\"\nmax_hold = \"1us\"", ":2:1: database.max_hold must be 100us to 10s, not 1us"},
      {"path = \"a\"\ncheckpointer = \"separate\"",
       ":2:1: database.checkpointer must be one of auto, inline, not the string \"separate\""},
      {"path = \"a\"\npragmas = 5", ":2:1: database.pragmas must be a table, not the integer 5"},
      {"path = \"a\"\n[pragmas]\nlocking_mode = \"exclusive\"",
       ":3:1: database.pragmas.locking_mode = \"exclusive\" locks out every worker but one; use "
       "server.workers = 1 or \"normal\""},
      {"path = \"a\"\ntimout = 5",
       ":2:1: unknown key 'timout' in [database] (did you mean 'timeout'?)"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(Read(c.text)), std::string("t.toml") + c.error);
  }
}

}  // namespace
}  // namespace sqlicorn
