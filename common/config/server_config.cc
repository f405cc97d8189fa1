// SPDX-License-Identifier: MIT
#include "common/config/server_config.h"

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
};

Value ReadSection(TableReader& reader, std::string_view name) {
  const Value* table = reader.ReadTable(name);
  return table != nullptr ? *table : Value{reader.place(), Table{}};
}

Result<Sections> ReadSections(const Value& root) {
  TableReader reader(root, "");
  reader.NoteMissing("database");
  Sections sections{ReadSection(reader, "server"), ReadSection(reader, "database"),
                    ReadSection(reader, "statements"), ReadSection(reader, "params"),
                    reader.ReadTables("endpoint")};
  if (const Status status = reader.Finish(); !status) {
    return status.error();
  }
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
Status CheckTimeouts(const ServerConfig& config, const Place& place) {
  if (config.server.timeout == 0 || config.server.timeout > config.database.timeout) {
    return {};
  }
  return Error{
      fmt::format("{}: server.timeout ({} s) must be greater than database.timeout ({} s): a "
                  "worker that waits for a lock would be killed",
                  place.ToString(), config.server.timeout, config.database.timeout)};
}

Status BuildSettings(const Sections& sections, const std::string& directory, ServerConfig* config) {
  auto server = ReadServerSettings(sections.server);
  if (!server) {
    return server.error();
  }
  config->server = *std::move(server);
  const DatabaseContext context{directory, config->server.workers};
  auto database = ReadDatabaseSettings(sections.database, context);
  if (!database) {
    return database.error();
  }
  config->database = *std::move(database);
  return CheckTimeouts(*config, PlaceOfTimeout(sections));
}

Status BuildEndpoints(const Sections& sections, ServerConfig* config) {
  auto statements = ReadStatements(sections.statements);
  if (!statements) {
    return statements.error();
  }
  config->statements = *std::move(statements);
  auto param_sets = ReadParamSets(sections.params);
  if (!param_sets) {
    return param_sets.error();
  }
  config->param_sets = *std::move(param_sets);
  return ReadEndpoints(sections.endpoints, config);
}

}  // namespace

Result<ServerConfig> BuildServerConfig(const Value& root, const std::string& directory) {
  const auto sections = ReadSections(root);
  if (!sections) {
    return sections.error();
  }
  ServerConfig config;
  if (const Status status = BuildSettings(*sections, directory, &config); !status) {
    return status.error();
  }
  if (const Status status = BuildEndpoints(*sections, &config); !status) {
    return status.error();
  }
  return config;
}

std::string ConfigDirectory(const std::string& config_path) {
  return std::filesystem::absolute(config_path).lexically_normal().parent_path().string();
}

}  // namespace sqlicorn
