// SPDX-License-Identifier: MIT
#include "loadgen/server/database_preparation.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file.h"
#include "common/config/config_text.h"
#include "common/config/toml.h"
#include "loadgen/server/keeper.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLimit = std::chrono::minutes(30);

// The schema files of the server, and behind them the one that fills it, as TOML.
Result<std::string> SchemaWith(const std::string& fill, const std::string& server) {
  const Result<Value> root = ReadTomlFile(server);
  if (!root) {
    return root.error();
  }
  const Result<ServerConfig> config = BuildServerConfig(*root, ConfigDirectory(server));
  if (!config) {
    return config.error();
  }
  std::vector<std::string> files;
  for (const std::string& file : config->database.schema) {
    files.push_back(TomlString(file));
  }
  files.push_back(TomlString(fill));
  return fmt::format("[{}]", fmt::join(files, ", "));
}

std::string FillText(const PlanDatabase& database) {
  return database.rows == 0
             ? "SELECT 1;\n"
             : fmt::format(
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                   "i < {}) {};\n",
                   database.rows, database.fill);
}

}  // namespace

DatabasePreparation::DatabasePreparation(const RunSetup& setup, const std::string& directory,
                                         std::function<void(const Result<std::string>&)> on_end)
    : setup_(setup),
      directory_(directory + "/prepared/"),
      on_end_(std::move(on_end)),
      turn_(setup.loop, [this] {
        if (const Status started = StartServer(); !started) {
          End(started.error());
        }
      }) {}

void DatabasePreparation::Start() {
  turn_.Start(Duration::zero());
}

Status DatabasePreparation::StartServer() {
  const PlanDatabase& database = *setup_.plan.database;
  if (!database.copy_from.empty()) {
    End(database.copy_from);
    return {};
  }
  std::error_code error;
  if (!std::filesystem::create_directory(directory_, error)) {
    return SystemError(fmt::format("cannot make the directory '{}'", directory_), error.value());
  }
  const std::string fill = directory_ + "fill.sql";
  if (Status written = WriteFile(fill, FillText(database)); !written) {
    return written;
  }
  const Result<std::string> schema = SchemaWith(fill, setup_.plan.server);
  const Result<std::uint16_t> port = FreePort();
  if (!schema || !port) {
    return schema ? port.error() : schema.error();
  }
  ServerProcess::Command command;
  command.argv = KeeperOf(setup_.server_cores, SIGTERM);
  command.kill_signal = kKillWord;
  const std::vector<std::string> server = {
      setup_.program,
      "-c",
      setup_.plan.server,
      "-w",
      "1",
      "-b",
      fmt::format("127.0.0.1:{}", *port),
      "--set",
      "database.schema=" + *schema,
      "--set",
      "database.path=" + TomlString(directory_ + kDatabaseName),
      "--set",
      "database.pragmas.journal_mode=\"delete\"",
      "--set",
      "server.pidfile=\"\"",
      "--set",
      "server.errorlog=\"-\"",
      "--set",
      "server.accesslog=\"\"",
      "--set",
      "server.control_socket=\"\""};
  command.argv.insert(command.argv.end(), server.begin(), server.end());
  command.port = *port;
  command.log_path = directory_ + "server.log";
  command.start_limit = kLimit;
  ServerObserver* observer = this;
  server_ = std::make_unique<ServerProcess>(setup_.loop, std::move(command), observer);
  return server_->Start();
}

void DatabasePreparation::OnServerReady() {
  server_->Stop();
}

void DatabasePreparation::OnServerEnded(const Status& status) {
  if (status) {
    End(directory_ + kDatabaseName);
  } else {
    End(status.error());
  }
}

void DatabasePreparation::End(const Result<std::string>& path) {
  const auto on_end = std::move(on_end_);
  on_end(path ? path
              : Result<std::string>(path.error()
                                        .In("cannot prepare the database")
                                        .In(setup_.plan.database->place.ToString())));
}

}  // namespace sqlicorn::loadgen
