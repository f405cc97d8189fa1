// SPDX-License-Identifier: MIT
#include "common/config/database_settings.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

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
    path = path.empty() ? path : ResolvePath(directory, path);
  }
  if (std::find(schema->begin(), schema->end(), "") != schema->end()) {
    reader.FailWanted("schema", "a list of SQL files, none of them \"\"");
  }
}

// What a database that is only read has no use for is a mistake about what it is.
void CheckAccess(TableReader& reader, const DatabaseSettings& settings, Faults* faults) {
  if (settings.access == DatabaseAccess::kReadWrite) {
    return;
  }
  const std::string access =
      fmt::format("database.access = \"{}\"", NameOf(kDatabaseAccesses, settings.access));
  if (!settings.schema.empty()) {
    reader.FailWanted("schema", fmt::format("left out where {}", access));
  }
  for (const PragmaSpec& pragma : settings.pragmas) {
    if (pragma.name == "journal_mode" && settings.access == DatabaseAccess::kImmutable) {
      faults->Add(pragma.place,
                  fmt::format("pragma journal_mode: must be left out where {}: there is no journal",
                              access));
    }
  }
}

void ReadScheduler(TableReader& reader, DatabaseSettings* settings) {
  reader.ReadChoice("scheduler", kSchedulers, &settings->scheduler);
  reader.ReadInRange("write_queue_timeout", Range<double>{0, 3600}, &settings->write_queue_timeout);
  reader.ReadInRange("max_pending_writes", Range<std::int64_t>{1, 1000000},
                     &settings->max_pending_writes);
  reader.ReadInRange("max_batch", Range<std::int64_t>{1, 10000}, &settings->max_batch);
  reader.ReadInRange("max_hold",
                     Range<Duration>{std::chrono::microseconds(100), std::chrono::seconds(10)},
                     &settings->max_hold);
}

void ReadLimitsOfStatements(TableReader& reader, DatabaseSettings* settings) {
  reader.ReadInRange("read_slice", Range<Duration>{Duration::zero(), std::chrono::seconds(1)},
                     &settings->read_slice);
  reader.ReadInRange("long_reads", Range<std::int64_t>{1, 100}, &settings->long_reads);
  reader.ReadInRange("statement_timeout", Range<double>{0, 86400}, &settings->statement_timeout);
  reader.ReadInRange("max_answer", kAnswerBytes, &settings->max_answer);
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

void ReadPragmas(const Value& table, const PragmaContext& context, std::vector<PragmaSpec>* pragmas,
                 Faults* faults) {
  for (const auto& [name, value] : std::get<Table>(table.data)) {
    Result<PragmaSpec> pragma = CheckPragma(name, value, context);
    if (pragma) {
      pragmas->push_back(*std::move(pragma));
    } else {
      faults->Add(value.place, pragma.error());
    }
  }
}

}  // namespace

DatabaseSettings ReadDatabaseSettings(const Value& table, const DatabaseContext& context,
                                      Faults* faults) {
  DatabaseSettings settings;
  settings.place = table.place;
  TableReader reader(table, "database");
  ReadPath(reader, context.directory, &settings.path);
  ReadSchema(reader, context.directory, &settings.schema);
  reader.ReadChoice("access", kDatabaseAccesses, &settings.access);
  reader.ReadChoice("transaction_mode", kTransactionModes, &settings.transaction_mode);
  reader.ReadInRange("timeout", Range<double>{0, 3600}, &settings.timeout);
  ReadBusyStatus(reader, &settings.busy_status);
  ReadScheduler(reader, &settings);
  ReadLimitsOfStatements(reader, &settings);
  reader.ReadChoice("checkpointer", kCheckpointers, &settings.checkpointer);
  reader.Read("double_quoted_text", &settings.double_quoted_text);
  reader.Read("unsafe", &settings.unsafe);
  if (const Value* pragmas = reader.ReadTable("pragmas")) {
    ReadPragmas(*pragmas, {settings.unsafe, context.workers}, &settings.pragmas, faults);
  }
  CheckAccess(reader, settings, faults);
  reader.FinishInto(faults);
  return settings;
}

}  // namespace sqlicorn
