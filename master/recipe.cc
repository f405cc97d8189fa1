// SPDX-License-Identifier: MIT
#include "master/recipe.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "common/base/file_key.h"
#include "common/base/log.h"
#include "master/fleet/server_status.h"
#include "master/start/config_loader.h"
#include "master/start/file_clashes.h"
#include "master/start/log_settings.h"
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

// The variables of the old configuration must not decide about the new one.
Result<ServerConfig> ReadConfig(const Invocation& invocation, const Generation& serving) {
  invocation.surroundings.RestoreEnvironment();
  auto loaded = LoadConfig(invocation.line, invocation.start.directory);
  const Status distinct = loaded ? CheckFileClashes(*loaded) : Status();
  if (const Status back = invocation.surroundings.TakeOn(serving.config.server); !back) {
    LogWarning("{}", back.error().message);
  }
  return distinct ? std::move(loaded) : distinct.error();
}

// Workers that serve make room one by one.
Status CheckRoom(std::size_t workers, std::size_t room) {
  if (workers <= room) {
    return {};
  }
  return Error{fmt::format("server.workers = {}: {}", workers, DescribeRoom(room))};
}

}  // namespace

Result<Generation> LoadForReload(const Invocation& invocation, const Generation& serving,
                                 const std::string& suffix, std::size_t room) {
  auto loaded = ReadConfig(invocation, serving);
  if (!loaded) {
    return loaded.error();
  }
  loaded->database.path = WithoutLinks(loaded->database.path);
  const auto identity = Identity::Of(loaded->server);
  if (!identity) {
    return identity.error();
  }
  if (Status fits = CheckRoom(static_cast<std::size_t>(loaded->server.workers), room); !fits) {
    return fits.error();
  }
  if (const Status usable = CheckFiles(loaded->server, identity->owner()); !usable) {
    return usable.error();
  }
  if (loaded->server.control_socket != serving.config.server.control_socket) {
    LogWarning("server.control_socket changes with a restart only");
  }
  auto listeners = ListenersFor(loaded->server, *identity, serving);
  if (!listeners) {
    return listeners.error();
  }
  auto pidfile = loaded->server.pidfile == serving.config.server.pidfile
                     ? serving.pidfile
                     : MakePidfile(loaded->server, suffix);
  if (!pidfile) {
    return pidfile.error();
  }
  return Generation{.config = std::move(*loaded),
                    .listeners = *std::move(listeners),
                    .pidfile = *std::move(pidfile),
                    .identity = *identity};
}

}  // namespace sqlicorn
