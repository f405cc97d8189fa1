// SPDX-License-Identifier: MIT
#include "common/config/database_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/config/choices.h"
#include "common/config/pragma_rules.h"
#include "common/config/table_reader.h"

namespace sqlicorn {
namespace {

// SQLite's special names make a database that no second process sees.
void ReadPath(TableReader& reader, const std::string& directory, std::string* path) {
  std::string text;
  if (!reader.Require("path", &text)) {
    return;
  }
  if (text.empty() || text == ":memory:" || text.starts_with("file:")) {
    reader.FailWanted("path", "the path of a file");
    return;
  }
  *path = ResolvePath(directory, text);
}

void ReadSchema(TableReader& reader, const std::string& directory,
                std::vector<std::string>* schema) {
  reader.Read("schema", schema);
  for (std::string& path : *schema) {
    if (path.empty()) {
      reader.FailWanted("schema", "a list of SQL files, none of them \"\"");
    }
    path = ResolvePath(directory, path);
  }
}

void ReadScheduler(TableReader& reader, SchedulerKind* scheduler) {
  const Value* value = reader.Find("scheduler");
  const auto* name = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  constexpr std::array<std::string_view, 3> kLater = {"retry", "fifo", "group"};
  if (name != nullptr && std::find(kLater.begin(), kLater.end(), *name) != kLater.end()) {
    reader.Fail(value->place,
                fmt::format("database.scheduler = \"{}\" is not available in this version; use "
                            "none, busy or constant",
                            *name));
    return;
  }
  reader.ReadChoice("scheduler", kSchedulers, scheduler);
}

void ReadBusyStatus(TableReader& reader, int* busy_status) {
  std::int64_t status = *busy_status;
  reader.Read("busy_status", &status);
  if (status != 423 && status != 429 && status != 500 && status != 503) {
    reader.FailWanted("busy_status", "one of 423, 429, 500, 503");
    return;
  }
  *busy_status = static_cast<int>(status);
}

Status ReadPragmas(const Value& table, const PragmaContext& context,
                   std::vector<PragmaSpec>* pragmas) {
  for (const auto& [name, value] : std::get<Table>(table.data)) {
    Result<PragmaSpec> pragma = CheckPragma(name, value, context);
    if (!pragma) {
      return pragma.error();
    }
    pragmas->push_back(*std::move(pragma));
  }
  return {};
}

}  // namespace

Result<DatabaseSettings> ReadDatabaseSettings(const Value& table, const DatabaseContext& context) {
  DatabaseSettings settings;
  settings.place = table.place;
  TableReader reader(table, "database");
  ReadPath(reader, context.directory, &settings.path);
  ReadSchema(reader, context.directory, &settings.schema);
  reader.ReadChoice("transaction_mode", kTransactionModes, &settings.transaction_mode);
  reader.ReadInRange("timeout", Range<double>{0, 3600}, &settings.timeout);
  ReadBusyStatus(reader, &settings.busy_status);
  ReadScheduler(reader, &settings.scheduler);
  reader.Read("unsafe", &settings.unsafe);
  const Value* pragmas = reader.ReadTable("pragmas");
  if (const Status status = reader.Finish(); !status) {
    return status.error();
  }
  if (pragmas != nullptr) {
    const PragmaContext rules{settings.unsafe, context.workers};
    if (const Status status = ReadPragmas(*pragmas, rules, &settings.pragmas); !status) {
      return status.error();
    }
  }
  return settings;
}

}  // namespace sqlicorn
