// SPDX-License-Identifier: MIT
#include "master/recipe.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file_place.h"
#include "common/base/log.h"
#include "common/base/process.h"
#include "master/fleet/server_status.h"
#include "master/start/config_loader.h"
#include "master/start/file_clashes.h"
#include "master/start/log_settings.h"
#include "master/start/setting_checks.h"

namespace sqlicorn {
namespace {

// Two masters share the sockets until one is told to go: their clients must meet one file.
Status CheckDatabaseOfParent(const Inheritance& inheritance, const std::string& path) {
  if (inheritance.database == 0 || inheritance.database == FileKeyOf(path)) {
    return {};
  }
  return Error{fmt::format(
      "database '{}' is not the file that the master serves which this one is to replace: reload "
      "that one, or stop it and start this one then",
      path)};
}

// The variables of the old configuration must not decide about the new one.
Result<ServerConfig> ReadSources(const Invocation& invocation, const Generation& serving) {
  invocation.surroundings.RestoreEnvironment();
  auto loaded = LoadConfig(invocation.line, invocation.start.directory);
  if (const Status back = invocation.surroundings.TakeOn(serving.config.server); !back) {
    LogWarning("{}", back.error().message);
  }
  return loaded;
}

// Workers that serve make room one by one.
Status CheckRoom(std::size_t workers, std::size_t room) {
  if (workers <= room) {
    return {};
  }
  return Error{fmt::format("server.workers = {}: {}", workers, DescribeRoom(room))};
}

// Step 2 of a reload: what would fail when nothing can be taken back any more.
Status CheckReload(const Generation& draft, const Generation& serving, std::size_t room) {
  const ServerSettings& settings = draft.config.server;
  // What is only looked at comes first; the error log is tried once it has been made.
  Status usable = CheckRoom(static_cast<std::size_t>(settings.workers), room);
  usable = usable ? CheckServerFiles(settings) : usable;
  usable = usable ? CreateLogFiles(settings, draft.identity.owner()) : usable;
  usable = usable ? CheckErrorLog(settings) : usable;
  if (usable && settings.control_socket != serving.config.server.control_socket) {
    LogWarning("server.control_socket changes with a restart only");
  }
  return usable;
}

// Step 5 of a reload. New addresses are tried once: a master that waits here would hear nothing
// else.
Status ListenAnew(Generation* draft, const Generation& serving) {
  const ServerSettings& settings = draft->config.server;
  draft->listeners = serving.listeners;
  if (settings.bind == serving.config.server.bind) {
    return {};
  }
  if (serving.listeners->from_outside()) {
    LogWarning("server.bind is ignored, the sockets are given by descriptor; restart to change it");
    return {};
  }
  if (Status usable = CheckBinds(settings); !usable) {
    return usable;
  }
  auto bound = Listeners::Rebind(settings, draft->identity.owner(), *serving.listeners);
  if (!bound) {
    return bound.error();
  }
  draft->listeners = std::make_shared<Listeners>(*std::move(bound));
  return {};
}

}  // namespace

Result<Generation> Draft(ServerConfig config) {
  if (const Status distinct = CheckFileClashes(config); !distinct) {
    return distinct.error();
  }
  const auto identity = Identity::Of(config.server);
  if (!identity) {
    return identity.error();
  }
  // SQLite names log and index after the path without links. A link that is turned while we serve
  // would lead a process that opens it later to another file with another log.
  config.database.path = WithoutLinks(config.database.path);
  return Generation{.config = std::move(config), .identity = *identity};
}

Result<Inheritance> CheckMachine(const ServerConfig& config, pid_t self) {
  auto inheritance =
      ReadInheritance([](const char* name) { return std::getenv(name); }, self, config.server.bind);
  if (!inheritance) {
    return inheritance;
  }
  Status usable = CheckStart(config.server, *inheritance);
  usable = usable ? CheckDatabaseOfParent(*inheritance, config.database.path) : usable;
  return usable ? std::move(inheritance) : usable.error();
}

// Before the database is touched: it keeps two servers apart that are started with one
// configuration by mistake.
Status TakePidfile(Generation* draft, const Generation* serving, const std::string& suffix) {
  const ServerSettings& settings = draft->config.server;
  if (serving != nullptr && settings.pidfile == serving->config.server.pidfile) {
    draft->pidfile = serving->pidfile;
    return {};
  }
  auto pidfile = MakePidfile(settings, suffix);
  if (!pidfile) {
    return pidfile.error();
  }
  draft->pidfile = *std::move(pidfile);
  return {};
}

Status ListenAtStart(Generation* draft, const Inheritance& inheritance, const BindRetry& retry) {
  const ServerSettings& settings = draft->config.server;
  Listeners inherited = Listeners::Adopt(inheritance);
  if (inherited.from_outside()) {
    if (const auto ignored = IgnoredBinds(inheritance, settings.bind); !ignored.empty()) {
      LogWarning("server.bind: {} ignored, the sockets are given by descriptor",
                 fmt::join(ignored, ", "));
    }
    draft->listeners = std::make_shared<Listeners>(std::move(inherited));
    return {};
  }
  // Then those that the configuration of today does not have are closed, here alone: the first
  // master serves at them, and their files are its.
  auto listeners = Listeners::Rebind(settings, draft->identity.owner(), inherited, retry);
  inherited.Close(SocketFiles::kKeep);
  if (!listeners) {
    return listeners.error();
  }
  draft->listeners = std::make_shared<Listeners>(*std::move(listeners));
  return {};
}

Result<Generation> LoadForReload(const Invocation& invocation, const Generation& serving,
                                 const std::string& suffix, std::size_t room) {
  auto loaded = ReadSources(invocation, serving);
  if (!loaded) {
    return loaded.error();
  }
  auto draft = Draft(*std::move(loaded));
  if (!draft) {
    return draft.error();
  }
  Status done = CheckReload(*draft, serving, room);
  done = done ? TakePidfile(&*draft, &serving, suffix) : done;
  done = done ? ListenAnew(&*draft, serving) : done;
  return done ? std::move(draft) : done.error();
}

// A server that serves is not ended for a log that cannot be opened: it is told in the old one. The
// files are made first and given to the workers' user: one that the master opened without that
// would be its own.
void MasterSettings::TakeOn(const Generation& serving, std::string_view suffix) {
  const ServerSettings& settings = serving.config.server;
  ShowTitle(serving, suffix);
  if (const Status taken = surroundings_.TakeOn(settings); !taken) {
    LogError("{}", taken.error().message);
  }
  CreateLogs(serving);
  if (const Status used = ApplyLogSettings(settings); !used) {
    LogError("{}; the old one stays in use", used.error().message);
  }
}

void MasterSettings::ShowTitle(const Generation& serving, std::string_view suffix) const {
  SetProcessTitle(fmt::format("sqlicorn: master [{}{}]", serving.config.server.proc_name, suffix));
}

void MasterSettings::ReopenLogs(const Generation& serving) const {
  CreateLogs(serving);
  if (const Status reopened = SetLogTarget(serving.config.server.errorlog); !reopened) {
    LogError("{}; the old one stays in use", reopened.error().message);
  }
}

void CreateLogs(const Generation& generation) {
  const auto created = CreateLogFiles(generation.config.server, generation.identity.owner());
  if (!created) {
    LogError("{}", created.error().message);
  }
}

}  // namespace sqlicorn
