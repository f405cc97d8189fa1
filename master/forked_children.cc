// SPDX-License-Identifier: MIT
#include "master/forked_children.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process.h"
#include "common/base/result.h"
#include "master/recipe.h"
#include "master/service/service_notifier.h"
#include "master/sockets/inheritance.h"
#include "master/start/preparation.h"
#include "worker/run_checkpointer.h"

namespace sqlicorn {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// How a second master learns of us, of the sockets it inherits and of the database that we serve
// (inheritance.h). What told us of our own inheritance is not for it.
std::vector<std::string> SuccessorEnvironment(const ProgramStart& start, const Listeners& listeners,
                                              std::uint64_t database) {
  std::vector<std::string> environment;
  for (const std::string& variable : start.environment) {
    if (!IsInheritanceVariable(variable) && !ServiceEnvironment::IsOfOneProcess(variable)) {
      environment.push_back(variable);
    }
  }
  environment.push_back(fmt::format("{}={}", kParentVariable, getpid()));
  environment.push_back(fmt::format("{}={}", kDatabaseVariable, database));
  environment.push_back(fmt::format(
      "{}={}", kListenersVariable,
      HandOverText(listeners.fds(), listeners.from_outside() ? Inheritance::From::kOutside
                                                             : Inheritance::From::kMaster)));
  return environment;
}

// The child's side: the program as it is on disk now. It must not return.
[[noreturn]] void BecomeSuccessor(const ProgramStart& start, std::vector<std::string> environment,
                                  const std::vector<int>& listeners) {
  for (const int fd : listeners) {
    fcntl(fd, F_SETFD, 0);  // to survive exec
  }
  if (chdir(start.directory.c_str()) != 0) {
    LogError("USR2: cannot go to '{}'", start.directory);
    _exit(static_cast<int>(ExitCode::kError));
  }
  // By the name it was called with first: a new version is installed beside the old one often, and
  // the name leads to it by PATH or a link. Where that fails the file that runs now is better than
  // nothing.
  std::vector<std::string> arguments = start.argv;
  execvpe(arguments[0].c_str(), Pointers(arguments).data(), Pointers(environment).data());
  execve(start.executable.c_str(), Pointers(arguments).data(), Pointers(environment).data());
  LogError("{}", SystemError(fmt::format("USR2: cannot run '{}'", start.argv[0]), errno).message);
  _exit(static_cast<int>(ExitCode::kError));
}

}  // namespace

// The context is the child's as well, in its copy of the master's memory, and outlives it: a child
// leaves by _exit.
Result<pid_t> ForkedChildren::StartWorker(const WorkerStart& start) {
  const SharedState& shared = parts_.shared;
  // The last slot is the checkpointer's.
  const std::span<WorkerSlot> slots = shared.scoreboard.slots();
  const WorkerContext context{
      .config = serving().config,
      .listeners = serving().listeners->fds(),
      .slots = slots.first(slots.size() - 1),
      .slot = start.slot,
      .counters = shared.scoreboard.counters(start.slot),
      .counter_rows = start.counter_rows,
      .queue = shared.queue ? &*shared.queue : nullptr,
      .checkpointer = WantsCheckpointer() ? &*shared.checkpoint_bell : nullptr,
      .has_served = start.has_served,
      .served = Served(),
      .on_news = [this] { OnNewsInWorker(); }};
  return Start(serving(), [&] { return RunWorker(context); });
}

bool ForkedChildren::WantsCheckpointer() const {
  return parts_.shared.queue && parts_.shared.checkpoint_bell &&
         sqlicorn::WantsCheckpointer(serving().config.database);
}

Result<pid_t> ForkedChildren::StartCheckpointer() {
  const CheckpointerContext context{.config = serving().config,
                                    .listeners = serving().listeners->fds(),
                                    .slot = parts_.shared.scoreboard.slots().back(),
                                    .served = Served(),
                                    .bell = *parts_.shared.checkpoint_bell};
  return Start(serving(), [&] { return RunCheckpointer(context); });
}

Result<pid_t> ForkedChildren::StartLastClose() {
  return Start(serving(), [&] { return RunLastClose(serving().config, Served()); });
}

bool ForkedChildren::HasLog() const {
  return access((serving().config.database.path + "-wal").c_str(), F_OK) == 0;
}

Result<pid_t> ForkedChildren::StartPreparation() {
  const Generation* const candidate = parts_.master.generations.candidate();
  CHECK(candidate != nullptr);
  return Start(*candidate, [&] { return TryOut(candidate->config); });
}

// Not by the spawner: a second master must not die with this one, and stays who we are.
Result<pid_t> ForkedChildren::StartSuccessor() {
  const Listeners& listeners = *serving().listeners;
  std::vector<std::string> environment =
      SuccessorEnvironment(parts_.start, listeners, serving().database);
  const pid_t child = fork();
  if (child < 0) {
    return SystemError("fork", errno);
  }
  if (child == 0) {
    parts_.signals.RestoreInChild();
    BecomeSuccessor(parts_.start, std::move(environment), listeners.fds());
  }
  return child;
}

void ForkedChildren::Signal(pid_t pid, int signal) {
  kill(pid, signal);
}

// Of any child: as process 1 of a container the master has children that it never started, and they
// would stay as zombies.
std::optional<ChildEnd> ForkedChildren::Reap() {
  int status = 0;
  const pid_t pid = waitpid(-1, &status, WNOHANG);
  return pid > 0 ? std::make_optional(ChildEnd{pid, status}) : std::nullopt;
}

pid_t ForkedChildren::Parent() const {
  return getppid();
}

// The log files are made anew where they were moved away: a worker would have to make one where it
// may not.
Result<pid_t> ForkedChildren::Start(const Generation& generation,
                                    const std::function<ExitCode()>& body) {
  CreateLogs(generation);
  const auto child = [&] {
    parts_.master.LeaveInChild();
    return body();
  };
  return spawner_.Spawn(child, generation.identity);
}

ServedFiles ForkedChildren::Served() const {
  return {serving().database, parts_.shared.scoreboard.slots()};
}

// It is told which files the serving generation has open, so that it judges them as a worker would.
// Why it fails it tells the master, which logs it.
ExitCode ForkedChildren::TryOut(const ServerConfig& candidate) {
  if (const Status taken = parts_.surroundings.TakeOn(candidate.server); !taken) {
    LogWarning("{}", taken.error().message);
  }
  const Status prepared = RunPreparation(
      candidate, MigrationMode::kApply,
      {serving().config.database.path, serving().database, parts_.shared.scoreboard.slots()});
  if (!prepared) {
    TellStarter(prepared.error().message);
  }
  return prepared ? ExitCode::kOk : ExitCode::kError;
}

// A worker of a daemon keeps the terminal until it serves: there whoever launched us reads why it
// does not.
void ForkedChildren::OnNewsInWorker() {
  parts_.shared.doorbell.Ring();
  if (parts_.master.launch != nullptr) {
    std::exchange(parts_.master.launch, nullptr)->DiscardStreams();
  }
}

}  // namespace sqlicorn
