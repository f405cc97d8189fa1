// SPDX-License-Identifier: MIT
#include "common/config/build_config.h"

#include <filesystem>

#include <fmt/format.h>

#include "common/config/database_settings.h"
#include "common/config/endpoints.h"
#include "common/config/param_sets.h"
#include "common/config/server_settings.h"
#include "common/config/table_reader.h"

namespace sqlicorn {
namespace {

// The tables of the top level; one that is absent is empty.
struct Sections {
  Value server;
  Value database;
  Value statements;
  Value params;
  std::vector<const Value*> endpoints;
  bool complete = false;  // none is misspelt, absent or of another type
};

Value ReadSection(TableReader& reader, std::string_view name) {
  const Value* table = reader.ReadTable(name);
  return table != nullptr ? *table : Value{reader.place(), Table{}};
}

Sections ReadSections(const Value& root, Faults* faults) {
  TableReader reader(root, "");
  reader.NoteMissing("database");
  Sections sections{ReadSection(reader, "server"), ReadSection(reader, "database"),
                    ReadSection(reader, "statements"), ReadSection(reader, "params"),
                    reader.ReadTables("endpoint")};
  sections.complete = reader.FinishInto(faults);
  return sections;
}

// The place of the first of these settings that the user wrote.
Place PlaceOfTimeout(const Sections& sections) {
  for (const Value* table : {&sections.server, &sections.database}) {
    if (const Value* timeout = FindMember(std::get<Table>(table->data), "timeout")) {
      return timeout->place;
    }
  }
  return sections.database.place;
}

// A worker that sleeps in the busy handler sends no heartbeat.
bool SleepsForLocks(SchedulerKind scheduler) {
  return scheduler == SchedulerKind::kBusy || scheduler == SchedulerKind::kConstant;
}

void CheckTimeouts(const ServerConfig& config, const Place& place, Faults* faults) {
  const bool outlasts =
      config.server.timeout == 0 || config.server.timeout > config.database.timeout;
  if (!outlasts && SleepsForLocks(config.database.scheduler)) {
    faults->Add(place,
                fmt::format("server.timeout ({} s) must be greater than database.timeout ({} s): a "
                            "worker that waits for a lock would be killed; or use scheduler = "
                            "\"group\"",
                            config.server.timeout, config.database.timeout));
  }
}

void BuildSettings(const Sections& sections, const std::string& directory, ServerConfig* config,
                   Faults* faults) {
  config->server = ReadServerSettings(sections.server, faults);
  // One that is absent or no table has been told of, and what it lacks need not be.
  if (!sections.complete && std::get<Table>(sections.database.data).empty()) {
    return;
  }
  const DatabaseContext context{directory, config->server.workers};
  config->database = ReadDatabaseSettings(sections.database, context, faults);
  if (faults->empty()) {
    CheckTimeouts(*config, PlaceOfTimeout(sections), faults);
  }
}

void BuildEndpoints(const Sections& sections, ServerConfig* config, Faults* faults) {
  config->statements = ReadStatements(sections.statements, faults);
  config->param_sets = ReadParamSets(sections.params, faults);
  // Their names mean nothing while the tables that they are of may be missing.
  if (sections.complete) {
    ReadEndpoints(sections.endpoints, config, faults);
  }
}

}  // namespace

Result<ServerConfig> BuildServerConfig(const Value& root, const std::string& directory) {
  Faults faults;
  const Sections sections = ReadSections(root, &faults);
  ServerConfig config;
  BuildSettings(sections, directory, &config, &faults);
  BuildEndpoints(sections, &config, &faults);
  const Status status = faults.ToStatus();
  return status ? Result<ServerConfig>(std::move(config)) : status.error();
}

std::string ConfigDirectory(const std::string& config_path) {
  return std::filesystem::absolute(config_path).lexically_normal().parent_path().string();
}

}  // namespace sqlicorn
