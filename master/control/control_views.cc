// SPDX-License-Identifier: MIT
#include "master/control/control_views.h"

#include <cmath>
#include <string>
#include <type_traits>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/config/choices.h"
#include "common/config/server_setting_table.h"
#include "common/config/server_settings.h"
#include "master/control/write_views.h"

namespace sqlicorn {
namespace {

using json = nlohmann::ordered_json;

// To the millisecond: what is finer than that is noise to a reader.
double Seconds(Duration duration) {
  return std::round(ToSeconds(duration) * 1000) / 1000;
}

const char* NameOf(const WorkerStatus& worker) {
  switch (worker.state) {
    case WorkerState::kStopping:
      return "stopping";
    case WorkerState::kReady:
      return worker.hung ? "hung" : "ready";
    case WorkerState::kFree:
    case WorkerState::kBooting:
      return "booting";
  }
  return "";
}

const char* NameOf(ServerStatus::Phase phase) {
  switch (phase) {
    case ServerStatus::Phase::kRunning:
      return "running";
    case ServerStatus::Phase::kReloading:
      return "reloading";
    case ServerStatus::Phase::kStopping:
      return "stopping";
  }
  return "";
}

json Optional(const std::optional<Duration>& duration) {
  return duration ? json(Seconds(*duration)) : json();
}

template <typename T>
json ToJson(const T& value) {
  if constexpr (std::is_same_v<T, FileMode> || std::is_same_v<T, Umask>) {
    return fmt::format("{:04o}", value.bits);
  } else {
    return value;
  }
}

json ServerSettingsAsJson(const ServerSettings& settings) {
  json view = json::object();
  for (const ServerSetting& setting : ServerSettingTable()) {
    view[setting.name] =
        std::visit([&](auto member) { return ToJson(settings.*member); }, setting.member);
  }
  return view;
}

json DatabaseAsJson(const DatabaseSettings& database) {
  json pragmas = json::object();
  for (const PragmaSpec& pragma : database.pragmas) {
    pragmas[pragma.name] = pragma.value;
  }
  return {{"path", database.path},
          {"schema", database.schema},
          {"access", NameOf(kDatabaseAccesses, database.access)},
          {"transaction_mode", NameOf(kTransactionModes, database.transaction_mode)},
          {"timeout", database.timeout},
          {"busy_status", database.busy_status},
          {"scheduler", NameOf(kSchedulers, database.scheduler)},
          {"write_queue_timeout", database.write_queue_timeout},
          {"max_pending_writes", database.max_pending_writes},
          {"max_batch", database.max_batch},
          {"max_hold", FormatDuration(database.max_hold)},
          {"read_slice", FormatDuration(database.read_slice)},
          {"long_reads", database.long_reads},
          {"statement_timeout", database.statement_timeout},
          {"max_answer", database.max_answer},
          {"checkpointer", NameOf(kCheckpointers, database.checkpointer)},
          {"unsafe", database.unsafe},
          {"pragmas", std::move(pragmas)}};
}

std::uint64_t Ended(const ServerCounters& counters, EndCause cause) {
  return counters.ended.at(static_cast<std::size_t>(cause));
}

json EndedAsJson(const ServerCounters& counters) {
  return {{"crashed", counters.crashed},
          {"left", Ended(counters, EndCause::kNone) - counters.crashed},
          {"surplus", Ended(counters, EndCause::kSurplus)},
          {"reload", Ended(counters, EndCause::kReload)},
          {"shutdown", Ended(counters, EndCause::kShutdown)},
          {"heartbeat", Ended(counters, EndCause::kHeartbeat)},
          {"graceful_timeout", Ended(counters, EndCause::kGraceful)},
          {"command", Ended(counters, EndCause::kCommand)},
          {"recycled", Ended(counters, EndCause::kRecycled)},
          {"reload_failed", Ended(counters, EndCause::kGivenUp)}};
}

}  // namespace

json WorkersAsJson(const ServerStatus& status) {
  json workers = json::array();
  for (const WorkerStatus& worker : status.workers) {
    workers.push_back({{"pid", worker.pid},
                       {"slot", worker.slot},
                       {"ordinal", worker.ordinal},
                       {"age", Seconds(worker.age)},
                       {"generation", worker.generation},
                       {"state", NameOf(worker)},
                       {"connections", worker.connections},
                       {"requests", worker.requests},
                       {"busy_answers", worker.busy},
                       {"heartbeat_age", Optional(worker.heartbeat_age)}});
  }
  return {{"workers", std::move(workers)}, {"count", status.workers.size()}};
}

json StatsAsJson(const ServerStatus& status) {
  const ServerCounters& counters = status.counters;
  std::uint64_t requests = counters.requests;
  std::uint64_t busy = counters.busy;
  std::uint64_t connections = 0;
  for (const WorkerStatus& worker : status.workers) {
    requests += worker.requests;
    busy += worker.busy;
    connections += worker.connections;
  }
  json stats = {{"pid", status.pid},
                {"version", SQLICORN_VERSION},
                {"phase", NameOf(status.phase)},
                {"uptime", Seconds(status.uptime)},
                {"generation", status.generation},
                {"workers_current", status.workers.size()},
                {"workers_target", status.wanted},
                {"workers_ready", status.CountServing()},
                {"workers_spawned", counters.spawned},
                {"workers_ended", EndedAsJson(counters)},
                {"reloads_done", counters.reloads_done},
                {"reloads_failed", status.reloads_failed},
                {"last_reload_error",
                 counters.last_reload_error.empty() ? json() : json(counters.last_reload_error)},
                {"connections", connections},
                {"requests", requests},
                {"busy_answers", busy},
                {"scheduler", NameOf(kSchedulers, status.config->database.scheduler)}};
  AddWriteStats(status, &stats);
  return stats;
}

json ConfigAsJson(const ServerStatus& status) {
  return {{"server", ServerSettingsAsJson(status.config->server)},
          {"database", DatabaseAsJson(status.config->database)}};
}

json ListenersAsJson(const ServerStatus& status) {
  json listeners = json::array();
  for (const ListenerStatus& listener : status.listeners) {
    listeners.push_back(
        {{"address", listener.address}, {"fd", listener.fd}, {"type", listener.type}});
  }
  return {{"listeners", std::move(listeners)}, {"count", status.listeners.size()}};
}

}  // namespace sqlicorn
