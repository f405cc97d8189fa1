// SPDX-License-Identifier: MIT
#include "master/serve.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/file_key.h"
#include "common/base/log.h"
#include "master/arbiter.h"
#include "master/forked_children.h"
#include "master/master_only.h"
#include "master/recipe.h"
#include "master/sockets/inheritance.h"
#include "master/start/bind_patience.h"
#include "master/start/failed_start.h"
#include "master/start/log_settings.h"
#include "master/start/preparation.h"
#include "master/start/setting_checks.h"
#include "master/start/shared_state.h"

namespace sqlicorn {
namespace {

// Sockets from outside are all there is. Those of the master we are to replace are shared with it
// as far as the configuration of today wants them.
Result<Listeners> ObtainListeners(const Generation& first, const Inheritance& inheritance,
                                  BindPatience& patience) {
  const ServerSettings& settings = first.config.server;
  Listeners inherited = Listeners::Adopt(inheritance);
  if (inherited.from_outside()) {
    if (const auto ignored = IgnoredBinds(inheritance, settings.bind); !ignored.empty()) {
      LogWarning("server.bind: {} ignored, the sockets are given by descriptor",
                 fmt::join(ignored, ", "));
    }
    return inherited;
  }
  auto listeners =
      Listeners::Rebind(settings, first.identity.owner(), inherited,
                        [&patience](std::string_view obstacle) { return patience.Wait(obstacle); });
  inherited.Close(SocketFiles::kKeep);
  return listeners;
}

void WarnOfRoot(const ServerSettings& settings) {
  if (geteuid() == 0 && settings.user.empty()) {
    LogWarning("Workers run as root: nothing in server.user says who else they are to be");
  }
}

void WarnOfDaemon(const ServerSettings& settings, const LaunchReport* launch) {
  if (launch == nullptr) {
    return;
  }
  if (std::getenv("NOTIFY_SOCKET") != nullptr) {
    LogWarning("server.daemon under a service manager: it loses sight of the server; leave it off");
  }
  if (settings.errorlog == "-" && !settings.enable_stdio_inheritance) {
    LogWarning("a daemon with errorlog = \"-\" logs nothing once it serves; name a file");
  }
}

Result<std::optional<ControlServer>> MakeControl(const ServerSettings& settings,
                                                 const std::string& suffix) {
  if (settings.control_socket.empty()) {
    return std::optional<ControlServer>();
  }
  // The master's own, whoever the workers are: it commands them.
  auto control = ControlServer::Listen(settings, suffix);
  if (!control) {
    return control.error();
  }
  LogInfo("Control socket listening at {}", control->path());
  return std::make_optional(*std::move(control));
}

}  // namespace

// The order matters: the pid file proves that no other server owns this database before its schema
// is touched, and nothing is bound until every statement has been prepared.
ExitCode Serve(Generation first, const Invocation& invocation, LaunchReport* launch) {
  const ServerSettings& settings = first.config.server;
  auto signals = SignalQueue::Open();
  if (!signals) {
    return FailStart(signals.error());
  }
  LogInfo("Starting sqlicorn {}", SQLICORN_VERSION);
  WarnOfDaemon(settings, launch);
  WarnOfRoot(settings);
  WarnOfAbsentSyslog(settings);
  const auto inheritance = ReadInheritance([](const char* name) { return std::getenv(name); },
                                           invocation.start.pid, settings.bind);
  if (!inheritance) {
    return FailStart(inheritance.error());
  }
  ForgetInheritance();
  if (const Status usable = CheckStart(settings, *inheritance); !usable) {
    return FailStart(usable.error());
  }
  const auto service =
      ServiceEnvironment::Read([](const char* name) { return std::getenv(name); }, getpid());
  const std::string suffix = RoleSuffix(inheritance->parent);
  auto pidfile = MakePidfile(settings, suffix);
  if (!pidfile) {
    return FailStart(pidfile.error());
  }
  first.pidfile = *std::move(pidfile);
  const Preparation prepared =
      PrepareDatabase(first.config, MigrationMode::kApply, *signals, first.identity);
  if (prepared != Preparation::kDone) {
    return prepared == Preparation::kInterrupted ? ExitCode::kOk
                                                 : FailedStartCode(prepared == Preparation::kWrong);
  }
  ServiceEnvironment::Forget();  // a failed start has asked until here whether there is a manager
  first.database = FileKeyOf(first.config.database.path);
  auto control = MakeControl(settings, suffix);
  if (!control) {
    return FailStart(control.error());
  }
  BindPatience patience(*signals);
  auto listeners = ObtainListeners(first, *inheritance, patience);
  if (!listeners) {
    return patience.interrupted() ? ExitCode::kOk : FailStart(listeners.error());
  }
  first.listeners = std::make_shared<Listeners>(std::move(*listeners));
  const auto shared = SharedState::Make(settings);
  if (!shared) {
    return FailStart(shared.error());
  }
  LogInfo("Listening at: {} ({})", first.listeners->ToString(), getpid());
  MasterOnly master{.generations = Generations(std::move(first)),
                    .control = *std::move(control),
                    .launch = launch};
  ForkedChildren children({.master = master,
                           .signals = *signals,
                           .shared = *shared,
                           .start = invocation.start,
                           .surroundings = invocation.surroundings});
  const auto load = [&](const Generation& serving, const std::string& its_suffix,
                        std::size_t room) {
    return LoadForReload(invocation, serving, its_suffix, room);
  };
  return Arbiter({.master = master,
                  .children = children,
                  .shared = *shared,
                  .surroundings = invocation.surroundings,
                  .load = load,
                  .parent_master = inheritance->parent,
                  .service = service,
                  .now = Clock::now()})
      .Run(*signals);
}

}  // namespace sqlicorn
