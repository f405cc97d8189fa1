// SPDX-License-Identifier: MIT
// The arbiter's part in a reload: the new configuration is read, tried on the database by a child
// and started beside the old one, which serves until the new workers do.
#include <sys/wait.h>

#include <csignal>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "common/base/file_key.h"
#include "common/base/log.h"
#include "common/base/log_text.h"
#include "common/base/starter.h"
#include "master/arbiter.h"
#include "master/fleet/worker_end.h"
#include "master/sockets/inheritance.h"
#include "master/start/log_settings.h"
#include "master/start/preparation.h"
#include "master/start/setting_checks.h"

namespace sqlicorn {
namespace {

// New addresses are tried once: a master that waits here would hear nothing else.
Result<std::shared_ptr<Listeners>> ListenersFor(const ServerSettings& settings,
                                                const Identity& identity,
                                                const Generation& serving) {
  if (settings.bind == serving.config.server.bind) {
    return serving.listeners;
  }
  if (serving.listeners->from_outside()) {
    LogWarning("server.bind is ignored, the sockets are given by descriptor; restart to change it");
    return serving.listeners;
  }
  if (const Status usable = CheckBinds(settings); !usable) {
    return usable.error();
  }
  auto bound = Listeners::Rebind(settings, identity.owner(), *serving.listeners);
  if (!bound) {
    return bound.error();
  }
  return std::make_shared<Listeners>(*std::move(bound));
}

// What of the new settings would fail when nothing can be taken back any more.
Status CheckFiles(const ServerSettings& settings, const FileOwner& owner) {
  Status usable = CheckServerFiles(settings);
  usable = usable ? CreateLogFiles(settings, owner) : usable;
  return usable ? CheckErrorLog(settings) : usable;
}

}  // namespace

void Arbiter::BeginReload() {
  if (generations_.preparing() || generations_.replacing()) {
    LogInfo("A reload is under way; another one follows");
    reload_again_ = true;
    return;
  }
  LogInfo("Hang up: Master");
  ++counters_.reloads_begun;
  // What children of earlier times have said is not about this reload.
  [[maybe_unused]] const std::string stale = last_words_.Take();
  auto candidate = LoadGeneration();
  if (!candidate) {
    FailReload(candidate.error().message);
    return;
  }
  const auto child = SpawnChild(*candidate, [&] { return TryOut(candidate->config); });
  if (!child) {
    FailReload(child.error().message);
    return;
  }
  preparing_pid_ = *child;
  generations_.Propose(std::move(*candidate));
}

// In the preparing child. The master logs what it is told.
ExitCode Arbiter::TryOut(const ServerConfig& config) {
  if (const Status taken = surroundings_.TakeOn(config.server); !taken) {
    LogWarning("{}", taken.error().message);
  }
  const Status prepared = RunPreparation(
      config, MigrationMode::kApply,
      {this->config().database.path, generations_.serving().database, scoreboard_.slots()});
  if (!prepared) {
    TellStarter(prepared.error().message);
  }
  return prepared ? ExitCode::kOk : ExitCode::kError;
}

// The variables of the old configuration must not decide about the new one.
Result<ServerConfig> Arbiter::ReadConfig() {
  surroundings_.RestoreEnvironment();
  auto loaded = load_config_();
  if (const Status restored = surroundings_.TakeOn(config().server); !restored) {
    LogWarning("{}", restored.error().message);
  }
  return loaded;
}

Result<Generation> Arbiter::LoadGeneration() {
  auto loaded = ReadConfig();
  if (!loaded) {
    return loaded.error();
  }
  loaded->database.path = WithoutLinks(loaded->database.path);
  const auto identity = Identity::Of(loaded->server);
  if (!identity) {
    return identity.error();
  }
  if (const Status fits = CheckRoom(static_cast<std::size_t>(loaded->server.workers)); !fits) {
    return fits.error();
  }
  if (const Status usable = CheckFiles(loaded->server, identity->owner()); !usable) {
    return usable.error();
  }
  if (loaded->server.control_socket != config().server.control_socket) {
    LogWarning("server.control_socket changes with a restart only");
  }
  auto listeners = ListenersFor(loaded->server, *identity, generations_.serving());
  if (!listeners) {
    return listeners.error();
  }
  auto pidfile = loaded->server.pidfile == config().server.pidfile
                     ? generations_.serving().pidfile
                     : MakePidfile(loaded->server, RoleSuffix(parent_master_));
  if (!pidfile) {
    return pidfile.error();
  }
  return Generation{.config = std::move(*loaded),
                    .listeners = *std::move(listeners),
                    .pidfile = *std::move(pidfile),
                    .identity = *identity};
}

// Workers that serve make room one by one.
Status Arbiter::CheckRoom(std::size_t workers) const {
  if (workers < slots_.size()) {
    return {};
  }
  return Error{fmt::format("server.workers = {}: {}", workers, DescribeRoom(slots_.size() - 1))};
}

void Arbiter::OnPrepared(int status) {
  if (state_ != State::kRunning) {
    return;
  }
  if (EndedBadly(status)) {
    AbandonReload("the new configuration cannot be served");
    return;
  }
  generations_.Start();
  generations_.SetDatabase(FileKeyOf(config().database.path));
  former_wanted_ = std::exchange(wanted_, static_cast<std::size_t>(config().server.workers));
  respawn_ = RespawnPolicy();
  UseSettings();
  WarnOfAbsentSyslog(config().server);
}

void Arbiter::AbandonReload(std::string_view why) {
  const std::string words = last_words_.Take();
  FailReload(words.empty() ? std::string(why) : fmt::format("{}: {}", why, words));
  if (generations_.replacing()) {
    GoBack();
  } else {
    generations_.Abandon();
  }
  if (std::exchange(reload_again_, false)) {
    BeginReload();
  }
}

// The workers of the former generation serve still; what the master has taken on is undone.
void Arbiter::GoBack() {
  if (generations_.former()->listeners != generations_.serving().listeners) {
    CloseListeners(*generations_.serving().listeners);
  }
  generations_.Abandon();
  wanted_ = former_wanted_;
  UseSettings();
}

void Arbiter::FailReload(std::string_view why) {
  ForEachLine(why, [](std::string_view line) {
    LogError("Reload failed, the old configuration stays: {}", line);
  });
  counters_.last_reload_error = why;
}

// What the master itself takes on from the configuration that serves now.
void Arbiter::UseSettings() {
  ShowTitle();
  if (const Status taken = surroundings_.TakeOn(config().server); !taken) {
    LogError("{}", taken.error().message);
  }
  CreateLogs(generations_.serving());
  if (const Status used = ApplyLogSettings(config().server); !used) {
    LogError("{}; the old one stays in use", used.error().message);
  }
}

void Arbiter::SettleReload() {
  if (!generations_.replacing()) {
    return;
  }
  for (const WorkerRecord& worker : table_.workers()) {
    if (worker.generation != generations_.serving().number && !worker.leaving()) {
      return;
    }
  }
  if (generations_.former()->listeners != generations_.serving().listeners) {
    CloseListeners(*generations_.former()->listeners);
    LogInfo("Listening at: {}", generations_.serving().listeners->ToString());
  }
  generations_.Settle();
  generations_.serving().listeners->SetBacklog(config().server.backlog);
  ++counters_.reloads_done;
  counters_.last_reload_error.clear();
  LogInfo("Reload done: {} workers of the new configuration serve", wanted_);
  if (std::exchange(reload_again_, false)) {
    BeginReload();
  }
}

}  // namespace sqlicorn
