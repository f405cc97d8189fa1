// SPDX-License-Identifier: MIT
#include "common/config/pragma_rules.h"

#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

Result<PragmaSpec> Check(const std::string& line, const PragmaContext& context = {}) {
  const Value root = Toml(line);
  const auto& [name, value] = std::get<Table>(root.data).at(0);
  return CheckPragma(name, value, context);
}

TEST(CheckPragma, BringsValuesIntoOneSpelling) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"journal_mode = \"WAL\"", "wal"},
      {"journal_mode = \"delete\"", "delete"},
      {"synchronous = 1", "normal"},
      {"synchronous = \"2\"", "full"},
      {"synchronous = \"Extra\"", "extra"},
      {"temp_store = 2", "memory"},
      {"auto_vacuum = \"incremental\"", "incremental"},
      {"foreign_keys = true", "on"},
      {"foreign_keys = \"TRUE\"", "on"},
      {"foreign_keys = 0", "off"},
      {"foreign_keys = \"off\"", "off"},
      {"cache_spill = \"no\"", "off"},
      {"secure_delete = \"fast\"", "fast"},
      {"secure_delete = 2", "fast"},
      {"cache_size = -64000", "-64000"},
      {"mmap_size = 134217728", "134217728"},
      {"page_size = 65536", "65536"},
      {"locking_mode = \"exclusive\"", "exclusive"},
  };
  for (const auto& [line, value] : cases) {
    const auto pragma = Check(line);
    ASSERT_TRUE(pragma.ok()) << pragma.error().message;
    EXPECT_EQ(pragma->value, value) << line;
    EXPECT_EQ(pragma->place.ToString(), "t.toml:1:1");
  }
}

TEST(CheckPragma, RefusesWhatSqliteWouldTakeSilently) {
  const std::vector<BadInput> cases = {
      {"jornal_mode = \"wal\"", "unknown pragma 'jornal_mode' (did you mean 'journal_mode'?)"},
      {"synchronous = \"bogus\"",
       "database.pragmas.synchronous must be one of off, normal, full, extra, not the string "
       "\"bogus\""},
      {"synchronous = 7",
       "database.pragmas.synchronous must be one of off, normal, full, extra, not the integer 7"},
      {"synchronous = true",
       "database.pragmas.synchronous must be one of off, normal, full, extra, not the boolean "
       "true"},
      {"journal_mode = \"wall\"",
       "database.pragmas.journal_mode must be one of delete, truncate, persist, wal, memory, off, "
       "not the string \"wall\" (did you mean 'wal'?)"},
      {"journal_mode = \"\"",
       "database.pragmas.journal_mode must be one of delete, truncate, persist, wal, memory, off, "
       "not the string \"\""},
      {"journal_mode = 5",
       "database.pragmas.journal_mode must be one of delete, truncate, persist, wal, memory, off, "
       "not the integer 5"},
      {"foreign_keys = 2",
       "database.pragmas.foreign_keys must be one of off, on, not the integer 2"},
      {"foreign_keys = [1]", "database.pragmas.foreign_keys must be one of off, on, not a list"},
      {"cache_size = \"2000; DROP TABLE row\"",
       "database.pragmas.cache_size must be an integer, not the string \"2000; DROP TABLE row\""},
      {"threads = 99", "database.pragmas.threads must be 0 to 8, not 99"},
      {"page_size = 256", "database.pragmas.page_size must be 512 to 65536, not 256"},
      {"page_size = 5000", "database.pragmas.page_size must be a power of two, not 5000"},
      {"busy_timeout = 5000", "database.pragmas.busy_timeout cannot be set: use database.timeout"},
      {"optimize = 1", "database.pragmas.optimize cannot be set: it is an action, not a setting"},
      {"user_version = 1",
       "database.pragmas.user_version cannot be set: it belongs into a schema file"},
      {"writable_schema = 1",
       "database.pragmas.writable_schema cannot be set: it can corrupt the database"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(Check(c.text)), std::string("t.toml:1:1: ") + c.error);
  }
}

TEST(CheckPragma, TakesUnsafeValuesOnlyWhenTold) {
  for (const std::string line :
       {"journal_mode = \"off\"", "journal_mode = \"memory\"", "synchronous = 0"}) {
    EXPECT_TRUE(Check(line, {.unsafe = true})) << line;
    const std::string error = ErrorOf(Check(line));
    EXPECT_NE(error.find("can corrupt the database in a crash; set database.unsafe = true"),
              std::string::npos)
        << error;
  }
}

TEST(CheckPragma, RefusesExclusiveLockingWithSeveralWorkers) {
  EXPECT_EQ(ErrorOf(Check("locking_mode = \"exclusive\"", {.workers = 2})),
            "t.toml:1:1: database.pragmas.locking_mode = \"exclusive\" locks out every worker but "
            "one; use server.workers = 1 or \"normal\"");
}

}  // namespace
}  // namespace sqlicorn
