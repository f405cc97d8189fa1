// SPDX-License-Identifier: MIT
#include "worker/run_migration.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "worker/log/access_log.h"
#include "worker/open_database.h"
#include "worker/plan/plan_set.h"
#include "worker/schema_files.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/database_file.h"
#include "worker/sqlite/lock_holders.h"
#include "worker/sqlite/pragmas.h"
#include "worker/sqlite/risks.h"
#include "worker/wal/checkpoints.h"

namespace sqlicorn {
namespace {

constexpr const char* kMemory = ":memory:";

// Checking a large database would hold up the start for long; the operator does that offline.
constexpr std::uintmax_t kCheckedBytes = 32U << 20U;

// A table that cannot be read would otherwise be found by the first request for it.
Status CheckPages(Connection& connection, const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kCheckedBytes || error) {
    return {};
  }
  auto check = connection.Prepare("PRAGMA quick_check(1)");
  if (!check && connection.last_status().busy()) {
    return LockedByAnother(connection);
  }
  if (!check) {
    return check.error().In(fmt::format("database '{}'", path));
  }
  const bool answered = check->Step() == StepResult::kRow;
  if (!answered && check->status().busy()) {
    return LockedByAnother(connection);
  }
  std::string verdict(answered ? check->column(0).Text() : check->status().message());
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  if (answered && verdict == "ok") {
    return {};
  }
  return Error{
      fmt::format("database '{}' is damaged: {}; restore a backup, or try the sqlite3 "
                  "program's .recover",
                  path, verdict)};
}

// How many of our workers may be in the middle of a commit, and of the checkpoint that comes with
// it.
std::int64_t WritersAtATime(const ServerConfig& config) {
  return Queues(config.database.scheduler) ? 1 : config.server.workers;
}

void LogEffectivePragmas(Connection& connection, std::int64_t writers) {
  const auto effective = EffectivePragmas(connection);
  std::string text;
  for (const auto& [name, value] : effective) {
    text += fmt::format(" {}={}", name, value);
  }
  LogInfo("SQLite {}, pragmas in effect:{}", LibraryVersion(), text);
  for (const std::string& risk : RisksOfSettings(effective, writers, LibraryVersionNumber())) {
    LogWarning("{}", risk);
  }
}

// A file that has taken the place of the one that is served must not meet that one's log.
Status CheckFormer(const std::string& path, const FormerFiles& former) {
  const DatabaseFiles here = FilesAt(path);
  const bool replaced =
      path == former.path && former.database != 0 && here.database != former.database;
  // Unless somebody opened the new file meanwhile, and the log is of that.
  if (replaced && (here.wal != 0 || here.shm != 0) && JudgeMark(path) != MarkedLog::kOurs &&
      !IsLogInUse(path)) {
    return ForeignLog(path);
  }
  Status ours = CheckServed(path, {.slots = former.slots});
  return ours ? CheckSharedLog(path) : ours;
}

void WarnOfTempFiles(Connection& connection, const std::vector<PragmaSpec>& pragmas) {
  const bool in_memory = std::any_of(pragmas.begin(), pragmas.end(), [](const PragmaSpec& p) {
    return p.name == "temp_store" && p.value == "memory";
  });
  if (!in_memory && !connection.HasTempDirectory()) {
    LogWarning(
        "SQLite finds no directory for temporary files, without which large sorts and updates "
        "fail: set SQLITE_TMPDIR to one that can be written (server.raw_env), or the pragma "
        "temp_store = \"memory\"");
  }
}

Status ApplyTo(Connection& connection, const ServerConfig& config) {
  const DatabaseSettings& settings = config.database;
  if (Status whole = CheckPages(connection, settings.path); !whole) {
    return whole;
  }
  const auto pragmas = PragmasInForce(settings, LibraryVersionNumber());
  // What the file keeps comes first: a page size counts before the first page only.
  for (const PragmaScope scope : {PragmaScope::kPrepare, PragmaScope::kConnection}) {
    if (Status applied = ApplyPragmas(connection, pragmas, scope); !applied) {
      return applied;
    }
  }
  LogEffectivePragmas(connection, WritersAtATime(config));
  WarnOfTempFiles(connection, pragmas);
  // Workers may be writing, at a reload: no checkpoint of ours may meet their commits.
  connection.OnWalGrowth([](int /*pages*/) {});
  // Committed only when every endpoint compiles on it: a start or a reload that fails has not
  // changed the schema under the server that goes on with the old one.
  if (Status tried = TryOut(connection, config); !tried) {
    RollBackSchema(connection);
    return tried;
  }
  return CommitSchema(connection);
}

bool HoldsNothing(Connection& connection) {
  auto any = connection.Prepare("SELECT 1 FROM sqlite_schema LIMIT 1");
  return any && any->Step() == StepResult::kDone;
}

Status Apply(const ServerConfig& config) {
  const std::string& path = config.database.path;
  if (Status usable = CheckDatabaseFile(config.database, OpenMode::kCreate); !usable) {
    return usable;
  }
  const bool is_new = !std::filesystem::exists(path);
  auto opened = OpenPlain(config.database, path, OpenMode::kCreate);
  if (!opened) {
    return opened.error();
  }
  Status applied = ApplyTo(**opened, config);
  const bool in_vain = !applied && is_new && HoldsNothing(**opened);
  opened->reset();
  // What a failed start has made it takes away, so that the next one is a first start too. Closed
  // before, as SQLite would make its files anew; and only where nothing stands in it.
  if (in_vain) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::error_code ignored;
      std::filesystem::remove(path + suffix, ignored);
    }
  }
  return applied;
}

// SQLite says "unable to open database file" where it can make no -shm.
Status CheckReadable(Connection& connection, const std::string& path) {
  const SqlStatus read = connection.Execute("PRAGMA schema_version");
  if (read.ok()) {
    return {};
  }
  if (read.busy()) {
    return LockedByAnother(connection);
  }
  return Error{fmt::format(
      "database '{}' cannot be read: {} ({}); with a write-ahead log or after a crash that needs "
      "files beside it, or database.access = \"immutable\" on media that cannot change",
      path, connection.last_status().message(), read.name())};
}

// A start and a check alike, where the database is only read: nothing is set or made.
Status Look(const ServerConfig& config) {
  const DatabaseSettings& settings = config.database;
  const OpenMode mode = OpenModeOf(settings.access);
  if (Status usable = CheckDatabaseFile(settings, mode); !usable) {
    return usable;
  }
  const auto first = OpenPlain(settings, settings.path, mode);
  if (!first) {
    return first.error();
  }
  if (Status readable = CheckReadable(**first, settings.path); !readable) {
    return readable;
  }
  if (Status whole = CheckPages(**first, settings.path); !whole) {
    return whole;
  }
  const auto opened = OpenDatabase(settings);
  if (!opened) {
    return opened.error();
  }
  LogEffectivePragmas(**opened, 0);
  WarnOfTempFiles(**opened, settings.pragmas);
  const auto plans = PlanSet::Compile(**opened, config);
  return plans ? Status() : Status(plans.error());
}

// What a start would find: the schema is tried in a transaction that never commits, in memory when
// there is no database yet.
Status Check(const ServerConfig& config) {
  const DatabaseSettings& settings = config.database;
  if (Status usable = CheckDatabaseFile(settings, OpenMode::kCreate); !usable) {
    return usable;
  }
  const auto opened = std::filesystem::exists(settings.path)
                          ? OpenPlain(settings, settings.path, OpenMode::kReadWrite)
                          : OpenPlain(settings, kMemory, OpenMode::kCreate);
  if (!opened) {
    return opened.error();
  }
  Connection& connection = **opened;
  if (Status whole = CheckPages(connection, settings.path); !whole) {
    return whole;
  }
  const auto pragmas = PragmasInForce(settings, LibraryVersionNumber());
  if (Status applied = ApplyPragmas(connection, pragmas, PragmaScope::kTrial); !applied) {
    return applied;
  }
  WarnOfTempFiles(connection, pragmas);
  Status tried = TryOut(connection, config);
  RollBackSchema(connection);
  return tried;
}

Status Prepare(const ServerConfig& config, MigrationMode mode) {
  if (config.database.access != DatabaseAccess::kReadWrite) {
    return Look(config);
  }
  return mode == MigrationMode::kApply ? Apply(config) : Check(config);
}

}  // namespace

// Whose files they are is asked before SQLite sees them, which would play a log that is another
// database's into this one.
Status RunMigration(const ServerConfig& config, MigrationMode mode, const FormerFiles& former) {
  if (Status ours = CheckFormer(config.database.path, former); !ours) {
    return ours;
  }
  Status done = Prepare(config, mode);
  if (done) {
    // Workers open it for themselves; here is where an unusable one can still keep us from
    // starting.
    const auto access_log = AccessLog::Open(config.server);
    done = access_log ? Status() : Status(access_log.error());
  }
  return done;
}

}  // namespace sqlicorn
