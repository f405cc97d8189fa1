// SPDX-License-Identifier: MIT
#include "worker/schema_files.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "worker/plan/plan_set.h"
#include "worker/sqlite/connection.h"
#include "worker/sqlite/sql_text.h"

namespace sqlicorn {
namespace {

struct Script {
  std::string path;
  std::string sql;
};

Result<std::vector<Script>> ReadScripts(const DatabaseSettings& settings) {
  std::vector<Script> scripts;
  for (const std::string& path : settings.schema) {
    auto sql = ReadFile(path);
    if (!sql) {
      return sql.error();
    }
    scripts.push_back({path, *std::move(sql)});
  }
  return scripts;
}

// "schema.sql:16:21: near …" for "near … (at 16:21 of the SQL)".
std::string AtPlaceInFile(const std::string& path, const std::string& message) {
  constexpr std::string_view kBefore = " (at ";
  constexpr std::string_view kAfter = " of the SQL)";
  const std::size_t place = message.rfind(kBefore);
  if (place == std::string::npos || !message.ends_with(kAfter)) {
    return fmt::format("{}: {}", path, message);
  }
  const std::size_t begin = place + kBefore.size();
  return fmt::format("{}:{}: {}", path,
                     message.substr(begin, message.size() - kAfter.size() - begin),
                     message.substr(0, place));
}

Error ErrorIn(Connection& connection, const Script& script, const SqlStatus& status) {
  return Error{fmt::format("{} ({}){}", AtPlaceInFile(script.path, status.message()), status.name(),
                           SqlHint(connection, status.message(), script.sql)),
               status.stays()};
}

struct Failure {
  const Script* script = nullptr;
  SqlStatus status;
};

// Leaves the transaction open, unless it failed.
Failure Attempt(Connection& connection, const char* begin, std::span<const Script> scripts) {
  Failure failure{.script = scripts.data(), .status = connection.Execute(begin)};
  for (std::size_t i = 0; failure.status.ok() && i < scripts.size(); ++i) {
    failure = {.script = &scripts[i], .status = connection.ExecuteSchema(scripts[i].sql)};
  }
  if (!failure.status.ok()) {
    RollBackSchema(connection);
  }
  return failure;
}

Status RunInTransaction(Connection& connection, std::span<const Script> scripts,
                        Duration patience) {
  if (scripts.empty()) {
    return {};
  }
  // Deferred first: CREATE TABLE IF NOT EXISTS of what exists takes no write lock then, and a
  // reload is not kept waiting by workers that write. Where it does write, the second attempt
  // begins with the lock, since a transaction that has read cannot wait for it.
  connection.SetBusyWait(BusyWait::kNone, {});
  Failure failure = Attempt(connection, "BEGIN DEFERRED", scripts);
  connection.SetBusyWait(BusyWait::kBackoff, patience);
  if (failure.status.busy()) {
    failure = Attempt(connection, "BEGIN IMMEDIATE", scripts);
  }
  return failure.status.ok() ? Status() : ErrorIn(connection, *failure.script, failure.status);
}

// All files in one transaction, which stays open unless one failed.
Status TrySchema(Connection& connection, const DatabaseSettings& settings) {
  const auto scripts = ReadScripts(settings);
  return scripts ? RunInTransaction(connection, *scripts, FromSeconds(settings.timeout))
                 : Status(scripts.error());
}

// CREATE TABLE IF NOT EXISTS leaves a table as an older schema file made it. That is the reason
// when SQL that does not prepare would do so on a new database.
std::string OldTableHint(const ServerConfig& config, std::string_view message) {
  if (message.find("no such ") == std::string_view::npos &&
      message.find(" has no column named ") == std::string_view::npos) {
    return "";
  }
  const auto fresh = Connection::Open(":memory:", OpenMode::kCreate);
  if (!fresh || !std::filesystem::exists(config.database.path) ||
      !TrySchema(**fresh, config.database) || !PlanSet::Compile(**fresh, config)) {
    return "";
  }
  return fmt::format(
      "; a database newly made from the schema has it, but this one was made from an "
      "older schema, and CREATE TABLE IF NOT EXISTS changes no table: change it "
      "once, with ALTER TABLE in sqlite3 {}",
      config.database.path);
}

Status Compile(Connection& connection, const ServerConfig& config) {
  const auto plans = PlanSet::Compile(connection, config);
  if (plans) {
    return {};
  }
  const Error& wrong = plans.error();
  return Error{wrong.message + OldTableHint(config, wrong.message), wrong.lasting};
}

}  // namespace

void RollBackSchema(Connection& connection) {
  if (connection.in_transaction()) {
    static_cast<void>(connection.Execute("ROLLBACK"));
  }
}

Status TryOut(Connection& connection, const ServerConfig& config) {
  Status tried = TrySchema(connection, config.database);
  return tried ? Compile(connection, config) : tried;
}

Status CommitSchema(Connection& connection) {
  const SqlStatus committed =
      connection.in_transaction() ? connection.Execute("COMMIT") : SqlStatus();
  if (committed.ok()) {
    return {};
  }
  RollBackSchema(connection);
  return Error{fmt::format("the schema cannot be committed to '{}': {} ({})", connection.path(),
                           committed.message(), committed.name())};
}

}  // namespace sqlicorn
