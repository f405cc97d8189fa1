// SPDX-License-Identifier: MIT
#include "common/config/config_text.h"

#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"
#include "common/config/answer_text.h"
#include "common/config/choices.h"
#include "common/config/database_settings.h"
#include "common/config/endpoints.h"
#include "common/config/param_sets.h"
#include "common/config/param_text.h"
#include "common/config/server_settings.h"
#include "common/config/steps.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"

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

std::string PrintDatabase(const DatabaseSettings& database) {
  std::string text = "\n[database]\n";
  text += fmt::format("path = {}\n", TomlString(database.path));
  text += fmt::format("schema = {}\n", TomlList(database.schema));
  text += fmt::format("access = \"{}\"\n", NameOf(kDatabaseAccesses, database.access));
  text += fmt::format("transaction_mode = \"{}\"\n",
                      NameOf(kTransactionModes, database.transaction_mode));
  text += fmt::format("timeout = {}\n", database.timeout);
  text += fmt::format("busy_status = {}\n", database.busy_status);
  text += fmt::format("scheduler = \"{}\"\n", NameOf(kSchedulers, database.scheduler));
  text += fmt::format("write_queue_timeout = {}\n", database.write_queue_timeout);
  text += fmt::format("max_pending_writes = {}\n", database.max_pending_writes);
  text += fmt::format("max_batch = {}\n", database.max_batch);
  text += fmt::format("max_hold = \"{}\"\n", FormatDuration(database.max_hold));
  text += fmt::format("read_slice = \"{}\"\n", FormatDuration(database.read_slice));
  text += fmt::format("long_reads = {}\n", database.long_reads);
  text += fmt::format("statement_timeout = {}\n", database.statement_timeout);
  text += fmt::format("max_answer = {}\n", database.max_answer);
  text += fmt::format("checkpointer = \"{}\"\n", NameOf(kCheckpointers, database.checkpointer));
  text += fmt::format("double_quoted_text = {}\n", database.double_quoted_text);
  text += fmt::format("unsafe = {}\n", database.unsafe);
  text += "\n[database.pragmas]\n";
  for (const PragmaSpec& pragma : database.pragmas) {
    const bool number = pragma.value.find_first_not_of("-0123456789") == std::string::npos;
    text += fmt::format("{} = {}\n", pragma.name, number ? pragma.value : TomlString(pragma.value));
  }
  return text;
}

std::string PrintStatements(const std::vector<StatementSpec>& statements) {
  std::string text = "\n[statements]\n";
  for (const StatementSpec& statement : statements) {
    text += fmt::format("{} = {}\n", TomlKey(statement.name), TomlString(statement.sql));
  }
  return text;
}

std::string PrintEndpoint(const EndpointSpec& endpoint, const ServerConfig& config) {
  std::vector<std::string> steps;
  for (const StepSpec& step : endpoint.steps) {
    steps.push_back(PrintStep(step, config.statements));
  }
  std::string text = "\n[[endpoint]]\n";
  text += fmt::format("path = {}\n", TomlString(endpoint.path));
  text += fmt::format("methods = {}\n", TomlList(endpoint.methods));
  if (endpoint.param_set >= 0) {
    const auto set = static_cast<std::size_t>(endpoint.param_set);
    text += fmt::format("params = {}\n", TomlString(config.param_sets.at(set).name));
  }
  text += fmt::format("unknown_fields = \"{}\"\n", NameOf(kUnknownFields, endpoint.unknown_fields));
  text += fmt::format("each = {}\n", endpoint.each);
  text +=
      fmt::format("transaction = \"{}\"\n", NameOf(kEndpointTransactions, endpoint.transaction));
  text += fmt::format("steps = [{}]\n", fmt::join(steps, ", "));
  text += PrintAnswer(endpoint.answer);
  text += fmt::format("isolated = {}\n", endpoint.isolated);
  text += fmt::format("statement_timeout = {}\n", endpoint.statement_timeout);
  text += fmt::format("max_answer = {}\n", endpoint.max_answer);
  return text;
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

std::string PrintServerConfig(const ServerConfig& config) {
  std::string text = PrintServerSettings(config.server) + PrintDatabase(config.database) +
                     PrintStatements(config.statements);
  for (const ParamSetSpec& set : config.param_sets) {
    text += PrintParamSet(set);
  }
  for (const EndpointSpec& endpoint : config.endpoints) {
    text += PrintEndpoint(endpoint, config);
  }
  return text;
}

}  // namespace sqlicorn
