// SPDX-License-Identifier: MIT
#include "worker/run_worker.h"

#include <unistd.h>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process.h"
#include "worker/log/request_in_hand.h"
#include "worker/sqlite/library.h"
#include "worker/worker.h"
#include "worker/worker_signals.h"

namespace sqlicorn {

ExitCode RunWorker(const WorkerContext& context) {
  SetProcessTitle(fmt::format("sqlicorn: worker [{}]", context.config.server.proc_name));
  LogInfo("Booting worker with pid: {}", getpid());
  // Before the database is opened, which may take long: the master may find a start silent, or die.
  EndOnAbort();
  EndWhenOrphaned();
  IgnoreSignalsOfTheMaster();
  SetLibraryUse(LibraryUseOf(context.config.database.pragmas));
  auto worker = Worker::Create(context);
  if (!worker) {
    LogError("Worker failed to start: {}", worker.error().message);
    TellStarter(worker.error().message);
    return ExitCode::kWorkerBoot;
  }
  // Whoever waits for the start has its answer: what goes wrong later is for the log alone.
  LeaveStarter();
  (*worker)->Run();
  // The loop that heard them is about to go, and their default is to end us before the log is
  // copied.
  BlockEndSignals();
  LogInfo("Worker exiting (pid: {})", getpid());
  return ExitCode::kOk;
}

}  // namespace sqlicorn
