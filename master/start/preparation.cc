// SPDX-License-Identifier: MIT
#include "master/start/preparation.h"

#include <sys/wait.h>

#include <csignal>

#include "common/base/log.h"
#include "master/fleet/worker_end.h"
#include "master/process/process_spawner.h"
#include "master/start/lock_probe.h"

namespace sqlicorn {

Status RunPreparation(const ServerConfig& config, MigrationMode mode, const FormerFiles& former) {
  // Nothing that is never written can suffer from locks that do not work.
  const bool writes = config.database.access == DatabaseAccess::kReadWrite;
  Status locks = writes ? ProbeFileLocks(config.database.path) : Status();
  return locks ? RunMigration(config, mode, former) : locks;
}

Preparation PrepareDatabase(const ServerConfig& config, MigrationMode mode, SignalQueue& signals,
                            const Identity& identity) {
  const auto body = [&] {
    const Status prepared = RunPreparation(config, mode);
    if (!prepared) {
      ReportFatal(prepared.error().message);
    }
    return prepared                   ? ExitCode::kOk
           : prepared.error().lasting ? ExitCode::kConfig
                                      : ExitCode::kError;
  };
  const auto child = ProcessSpawner(signals).Spawn(body, identity);
  if (!child) {
    ReportFatal(child.error().In("cannot prepare the database").message);
    return Preparation::kFailed;
  }
  int status = 0;
  bool interrupted = false;
  while (waitpid(*child, &status, WNOHANG) != *child) {
    if (signals.AwaitStop(Clock::now() + std::chrono::seconds(1))) {
      // SQLite rolls an unfinished schema change back at the next start.
      kill(*child, SIGKILL);
      interrupted = true;
    }
  }
  if (interrupted) {
    return Preparation::kInterrupted;
  }
  if (WIFSIGNALED(status)) {
    ReportFatal("preparing the database was ended by " + SignalName(WTERMSIG(status)));
  }
  if (ExitedWith(status, ExitCode::kConfig)) {
    return Preparation::kWrong;
  }
  return EndedBadly(status) ? Preparation::kFailed : Preparation::kDone;
}

}  // namespace sqlicorn
