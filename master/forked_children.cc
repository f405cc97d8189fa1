// SPDX-License-Identifier: MIT
#include "master/forked_children.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <span>
#include <utility>

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/starter.h"
#include "master/master_settings.h"
#include "master/start/preparation.h"
#include "master/successor.h"
#include "worker/run_checkpointer.h"

namespace sqlicorn {

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

Result<pid_t> ForkedChildren::StartPreparation() {
  const Generation* const candidate = parts_.master.generations.candidate();
  CHECK(candidate != nullptr);
  return Start(*candidate, [&] { return TryOut(candidate->config); });
}

Result<pid_t> ForkedChildren::StartSuccessor() {
  return sqlicorn::StartSuccessor(parts_.start, *serving().listeners, serving().database,
                                  parts_.signals);
}

void ForkedChildren::Signal(pid_t pid, int signal) {
  kill(pid, signal);
}

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
