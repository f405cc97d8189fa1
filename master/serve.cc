// SPDX-License-Identifier: MIT
#include "master/serve.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "master/arbiter.h"
#include "master/config_loader.h"
#include "master/inheritance.h"
#include "master/preparation.h"

namespace sqlicorn {
namespace {

ExitCode Fail(const Error& error) {
  fmt::print(stderr, "Error: {}\n", error.message);
  return ExitCode::kError;
}

Result<Listeners> ObtainListeners(const ServerConfig& config, const Inheritance& inheritance) {
  if (inheritance.from == Inheritance::From::kNobody) {
    return Listeners::Bind(config.server);
  }
  if (inheritance.from == Inheritance::From::kSystemd) {
    LogWarning("Listening at the sockets of systemd; server.bind is ignored");
  }
  return Listeners::Adopt(inheritance);
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

// The queue of the schedulers fifo and group. A system that refuses it does not keep us from
// serving: workers without a queue retry.
std::optional<SharedWriteQueue> MakeQueue(std::size_t slots) {
  auto queue = SharedWriteQueue::Create(slots);
  if (!queue) {
    LogWarning("the write queue cannot be had ({}): fifo and group become retry",
               queue.error().message);
    return std::nullopt;
  }
  return std::move(*queue);
}

// Room for a second generation beside the first during a reload, and for TTIN.
std::size_t SlotsFor(const ServerSettings& settings) {
  return std::max<std::size_t>(16, static_cast<std::size_t>(settings.workers) * 2 + 8);
}

Result<std::optional<ControlServer>> MakeControl(const ServerSettings& settings,
                                                 const std::string& suffix) {
  if (settings.control_socket.empty()) {
    return std::optional<ControlServer>();
  }
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
ExitCode Serve(ServerConfig config, const CommandLine& line, const ProgramStart& start,
               LaunchReport* launch) {
  auto signals = SignalQueue::Open();
  if (!signals) {
    return Fail(signals.error());
  }
  LogInfo("Starting sqlicorn {}", SQLICORN_VERSION);
  WarnOfDaemon(config.server, launch);
  const auto inheritance =
      ReadInheritance([](const char* name) { return std::getenv(name); }, getpid());
  if (!inheritance) {
    return Fail(inheritance.error());
  }
  ForgetInheritance();
  const auto service =
      ServiceEnvironment::Read([](const char* name) { return std::getenv(name); }, getpid());
  ServiceEnvironment::Forget();
  const std::string suffix = RoleSuffix(inheritance->parent);
  auto pidfile = MakePidfile(config.server, suffix);
  if (!pidfile) {
    return Fail(pidfile.error());
  }
  const Preparation prepared = PrepareDatabase(config, MigrationMode::kApply, *signals);
  if (prepared != Preparation::kDone) {
    return prepared == Preparation::kInterrupted ? ExitCode::kOk : ExitCode::kError;
  }
  auto control = MakeControl(config.server, suffix);
  if (!control) {
    return Fail(control.error());
  }
  auto listeners = ObtainListeners(config, *inheritance);
  if (!listeners) {
    return Fail(listeners.error());
  }
  const std::size_t slots = SlotsFor(config.server);
  const auto scoreboard = Scoreboard::Create(slots);
  if (!scoreboard) {
    return Fail(scoreboard.error());
  }
  const auto doorbell = Doorbell::Create();
  if (!doorbell) {
    return Fail(doorbell.error());
  }
  const auto queue = MakeQueue(slots);
  LogInfo("Listening at: {} ({})", listeners->ToString(), getpid());
  SetProcessTitle(fmt::format("sqlicorn: master [{}{}]", config.server.proc_name, suffix));
  return Arbiter({.first = {.config = std::move(config),
                            .listeners = std::make_shared<Listeners>(std::move(*listeners)),
                            .pidfile = *std::move(pidfile)},
                  .load_config = [&line] { return LoadConfig(line); },
                  .start = start,
                  .signals = *signals,
                  .scoreboard = *scoreboard,
                  .doorbell = *doorbell,
                  .queue = queue ? &*queue : nullptr,
                  .launch = launch,
                  .parent_master = inheritance->parent,
                  .control = *std::move(control),
                  .service = service})
      .Run();
}

}  // namespace sqlicorn
