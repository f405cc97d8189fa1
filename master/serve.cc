// SPDX-License-Identifier: MIT
#include "master/serve.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "common/base/file_place.h"
#include "common/base/log.h"
#include "master/arbiter.h"
#include "master/forked_children.h"
#include "master/generations.h"
#include "master/recipe.h"
#include "master/sockets/inheritance.h"
#include "master/start/failed_start.h"
#include "master/start/log_settings.h"
#include "master/start/preparation.h"
#include "master/start/shared_state.h"

namespace sqlicorn {
namespace {

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

void Warn(const ServerSettings& settings, const LaunchReport* launch) {
  WarnOfDaemon(settings, launch);
  WarnOfRoot(settings);
  WarnOfAbsentSyslog(settings);
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

// For this process alone: a child that had the variables could speak to the manager in its place.
ServiceEnvironment TakeServiceEnvironment() {
  auto service =
      ServiceEnvironment::Read([](const char* name) { return std::getenv(name); }, getpid());
  ServiceEnvironment::Forget();
  return service;
}

// Step 4 of a start: nothing when the database is ready, else how the process ends. Who is told to
// stop meanwhile has not failed.
std::optional<ExitCode> Prepare(Generation* draft, SignalQueue& signals) {
  const Preparation prepared =
      PrepareDatabase(draft->config, MigrationMode::kApply, signals, draft->identity);
  switch (prepared) {
    case Preparation::kDone:
      draft->database = FileKeyOf(draft->config.database.path);
      return std::nullopt;
    case Preparation::kInterrupted:
      return ExitCode::kOk;
    default:
      return FailedStartCode(prepared == Preparation::kWrong);
  }
}

// Everything has been obtained: the server's life from here.
// The arbiter is told what it may do to processes and how a configuration is read, and knows
// neither fork nor file: that is what its tests put themselves in the place of.
ExitCode RunArbiter(MasterOnly& master, const SharedState& shared, const Invocation& invocation,
                    const ServiceEnvironment& service, pid_t parent_master, SignalQueue& signals) {
  ForkedChildren children({.master = master,
                           .signals = signals,
                           .shared = shared,
                           .start = invocation.start,
                           .surroundings = invocation.surroundings});
  const auto load = [&](const Generation& serving, const std::string& suffix, std::size_t room) {
    return LoadForReload(invocation, serving, suffix, room);
  };
  return Arbiter({.master = master,
                  .children = children,
                  .shared = shared,
                  .surroundings = invocation.surroundings,
                  .load = load,
                  .parent_master = parent_master,
                  .service = service,
                  .now = Clock::now()})
      .Run(signals);
}

}  // namespace

ExitCode Check(const Generation& first, const ProgramStart& start) {
  auto signals = SignalQueue::Open();
  if (!signals) {
    return FailStart(signals.error());
  }
  if (const auto usable = CheckMachine(first.config, start.pid); !usable) {
    return FailStart(usable.error());
  }
  const Preparation checked =
      PrepareDatabase(first.config, MigrationMode::kCheck, *signals, first.identity);
  return checked == Preparation::kDone ? ExitCode::kOk
                                       : FailedStartCode(checked == Preparation::kWrong);
}

ExitCode Serve(Generation first, const Invocation& invocation, LaunchReport* launch) {
  const ServerSettings& settings = first.config.server;
  // First of all, so that none is lost: what comes while we start waits for the first turn, and
  // only a wish to stop is heard before (AwaitStop).
  auto signals = SignalQueue::Open();
  if (!signals) {
    return FailStart(signals.error());
  }
  LogInfo("Starting sqlicorn {}", SQLICORN_VERSION);
  Warn(settings, launch);
  const auto inheritance = CheckMachine(first.config, invocation.start.pid);
  if (!inheritance) {
    return FailStart(inheritance.error());
  }
  // Our own children inherit the environment, and are nobody's second master.
  ForgetInheritance();
  const std::string suffix = RoleSuffix(inheritance->parent);
  if (const Status held = TakePidfile(&first, nullptr, suffix); !held) {
    return FailStart(held.error());
  }
  if (const auto ended = Prepare(&first, *signals)) {
    return *ended;
  }
  // Not before: a start that fails looks whether there is a manager (FailedStartCode).
  const ServiceEnvironment service = TakeServiceEnvironment();
  auto control = MakeControl(settings, suffix);
  if (!control) {
    return FailStart(control.error());
  }
  BindPatience patience(*signals);
  const auto wait = [&](std::string_view obstacle) { return patience.Wait(obstacle); };
  if (const Status bound = ListenAtStart(&first, *inheritance, wait); !bound) {
    return patience.interrupted() ? ExitCode::kOk : FailStart(bound.error());
  }
  // Before the first child that serves, and of one size from here on: all that will ever be forked
  // share these mappings and descriptors.
  const auto shared = SharedState::Make(settings);
  if (!shared) {
    return FailStart(shared.error());
  }
  LogInfo("Listening at: {} ({})", first.listeners->ToString(), getpid());
  MasterOnly master{.generations = Generations(std::move(first)),
                    .control = *std::move(control),
                    .launch = launch};
  return RunArbiter(master, *shared, invocation, service, inheritance->parent, *signals);
}

}  // namespace sqlicorn
