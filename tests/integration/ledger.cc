// SPDX-License-Identifier: MIT
#include "tests/integration/ledger.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/sqlite_file.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kRowsPerInsert = 1000;

void Load(SqliteFile& database, const char* table, const std::vector<std::string>& names) {
  database.Run(fmt::format("CREATE TEMP TABLE {} (name TEXT PRIMARY KEY) WITHOUT ROWID", table));
  for (std::size_t i = 0; i < names.size(); i += kRowsPerInsert) {
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end =
        names.begin() + static_cast<std::ptrdiff_t>(std::min(i + kRowsPerInsert, names.size()));
    database.Run(fmt::format("INSERT INTO {} VALUES ('{}')", table,
                             fmt::join(std::vector<std::string>(begin, end), "'), ('")));
  }
}

}  // namespace

void ExpectExactLedger(const std::string& database_path, const Writers& writers) {
  SqliteFile database(database_path);
  EXPECT_EQ(database.Ask("PRAGMA integrity_check"), "ok");
  database.Run("PRAGMA temp_store = memory");
  Load(database, "acknowledged", writers.AcknowledgedNames());
  std::vector<std::string> refused;
  for (const Writers::Refusal& refusal : writers.Refusals()) {
    refused.push_back(refusal.name);
  }
  Load(database, "refused", refused);
  const auto names = [&](const char* which) {
    return database.Ask(
        fmt::format("SELECT coalesce(group_concat(name, ' '), '') FROM ({} LIMIT 20)", which));
  };
  EXPECT_EQ(names("SELECT name FROM acknowledged EXCEPT SELECT name FROM note"), "") << "lost";
  EXPECT_EQ(names("SELECT name FROM note GROUP BY name HAVING count(*) > 1"), "") << "twice";
  EXPECT_EQ(names("SELECT name FROM refused INTERSECT SELECT name FROM note"), "") << "refused";
  EXPECT_EQ(database.Ask(fmt::format(
                "SELECT (SELECT count(*) FROM note) - (SELECT count(*) FROM acknowledged) <= {}",
                writers.broken())),
            "1")
      << "notes that nobody sent";
}

}  // namespace sqlicorn
