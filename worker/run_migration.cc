// SPDX-License-Identifier: MIT
#include "worker/run_migration.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "worker/open_database.h"
#include "worker/plan_set.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/database_file.h"
#include "worker/sqlite/library.h"
#include "worker/sqlite/pragmas.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

constexpr const char* kMemory = ":memory:";

Status ApplySchemaFile(Connection& connection, const std::string& path) {
  const auto script = ReadFile(path);
  if (!script) {
    return script.error();
  }
  // One transaction per file: a schema is applied whole or not at all.
  SqlStatus status = connection.Execute("BEGIN IMMEDIATE");
  if (status.ok()) {
    status = connection.Execute(*script);
  }
  if (status.ok()) {
    status = connection.Execute("COMMIT");
  }
  if (!status.ok()) {
    const Error error{fmt::format("{}: {} ({})", path, status.message(), status.name())};
    if (connection.in_transaction()) {
      static_cast<void>(connection.Execute("ROLLBACK"));
    }
    return error;
  }
  return {};
}

Status ApplySchema(Connection& connection, const DatabaseSettings& settings) {
  for (const std::string& path : settings.schema) {
    if (Status applied = ApplySchemaFile(connection, path); !applied) {
      return applied;
    }
  }
  return {};
}

Status Compile(Connection& connection, const ServerConfig& config) {
  const auto plans = PlanSet::Compile(connection, config);
  return plans ? Status() : plans.error();
}

void LogEffectivePragmas(Connection& connection, std::int64_t workers) {
  const auto effective = EffectivePragmas(connection);
  std::string text;
  for (const auto& [name, value] : effective) {
    text += fmt::format(" {}={}", name, value);
  }
  LogInfo("SQLite {}, pragmas in effect:{}", LibraryVersion(), text);
  for (const std::string& risk : RisksOfSettings(effective, workers, LibraryVersionNumber())) {
    LogWarning("{}", risk);
  }
}

Status Apply(const ServerConfig& config) {
  const DatabaseSettings& settings = config.database;
  if (Status usable = CheckDatabaseFile(settings, OpenMode::kCreate); !usable) {
    return usable;
  }
  auto opened = Connection::Open(settings.path, OpenMode::kCreate);
  if (!opened) {
    return opened.error();
  }
  Connection& connection = **opened;
  connection.SetBusyWait(BusyWait::kBackoff, FromSeconds(settings.timeout));
  for (const PragmaScope scope : {PragmaScope::kPrepare, PragmaScope::kConnection}) {
    if (Status applied = ApplyPragmas(connection, settings.pragmas, scope); !applied) {
      return applied;
    }
  }
  if (Status schema = ApplySchema(connection, settings); !schema) {
    return schema;
  }
  LogEffectivePragmas(connection, config.server.workers);
  return Compile(connection, config);
}

Status CheckInMemory(const ServerConfig& config) {
  const auto opened = Connection::Open(kMemory, OpenMode::kCreate);
  if (!opened) {
    return opened.error();
  }
  if (Status schema = ApplySchema(**opened, config.database); !schema) {
    return schema;
  }
  return Compile(**opened, config);
}

Status Check(const ServerConfig& config) {
  const std::string& path = config.database.path;
  if (!std::filesystem::exists(path)) {
    return CheckInMemory(config);
  }
  if (Status usable = CheckDatabaseFile(config.database, OpenMode::kReadWrite); !usable) {
    return usable;
  }
  const auto opened = OpenDatabase(config.database);
  return opened ? Compile(**opened, config) : opened.error();
}

}  // namespace

ExitCode RunMigration(const ServerConfig& config, MigrationMode mode) {
  const Status done = mode == MigrationMode::kApply ? Apply(config) : Check(config);
  if (!done) {
    fmt::print(stderr, "Error: {}\n", done.error().message);
    return ExitCode::kError;
  }
  return ExitCode::kOk;
}

}  // namespace sqlicorn
