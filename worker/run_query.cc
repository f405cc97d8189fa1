// SPDX-License-Identifier: MIT
#include "worker/run_query.h"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "worker/open_database.h"
#include "worker/plan/json_rows.h"
#include "worker/sqlite/pragmas.h"
#include "worker/sqlite/risks.h"
#include "worker/sqlite/sql_text.h"

namespace sqlicorn {
namespace {

Result<std::string> Query(const ServerConfig& config, const std::string& sql) {
  const auto connection = OpenDatabase(config.database);
  if (!connection) {
    return connection.error();
  }
  auto statement = (*connection)->Prepare(sql);
  if (!statement) {
    return statement.error().In("--query");
  }
  const bool reads = statement->read_only() && !statement->ends_or_begins_transaction();
  if (!reads && !IsVacuumInto(sql)) {
    return Error{"--query: only a statement that reads, or VACUUM INTO 'file', is allowed"};
  }
  std::string text;
  JsonRows rows(&text);
  StepResult result = statement->Step();
  for (; result == StepResult::kRow; result = statement->Step()) {
    if (!rows.Append(*statement)) {
      return Error{"--query: the rows are larger than 64 MiB; give the statement a LIMIT"};
    }
  }
  rows.Close();
  if (result == StepResult::kFailed) {
    return Error{
        fmt::format("--query: {} ({})", statement->status().message(), statement->status().name())};
  }
  return text;
}

Result<std::string> Pragmas(const ServerConfig& config) {
  const auto connection = OpenDatabase(config.database);
  if (!connection) {
    return connection.error();
  }
  std::string text = R"({"sqlite":)";
  AppendJsonString(LibraryVersion(), &text);
  for (const auto& [name, value] : EffectivePragmas(**connection)) {
    text += ',';
    AppendJsonString(name, &text);
    text += ':';
    AppendJsonString(value, &text);
  }
  return text + '}';
}

ExitCode Print(const Result<std::string>& text) {
  if (!text) {
    fmt::print(stderr, "Error: {}\n", text.error().message);
    return ExitCode::kError;
  }
  fmt::print("{}\n", *text);
  return std::fflush(stdout) == 0 ? ExitCode::kOk : ExitCode::kError;
}

}  // namespace

ExitCode RunQuery(const ServerConfig& config, const std::string& sql) {
  return Print(Query(config, sql));
}

ExitCode PrintPragmas(const ServerConfig& config) {
  return Print(Pragmas(config));
}

std::string VersionText() {
  return fmt::format("sqlicorn (version {}, SQLite {})", SQLICORN_VERSION, LibraryVersion());
}

bool VersionHasWalResetBug() {
  return HasWalResetBug(LibraryVersionNumber());
}

}  // namespace sqlicorn
