// SPDX-License-Identifier: MIT
#include "worker/run_worker.h"

#include <unistd.h>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process.h"
#include "worker/log/request_in_hand.h"
#include "worker/worker.h"
#include "worker/worker_signals.h"

namespace sqlicorn {

ExitCode RunWorker(const WorkerContext& context) {
  SetProcessTitle(fmt::format("sqlicorn: worker [{}]", context.config.server.proc_name));
  LogInfo("Booting worker with pid: {}", getpid());
  EndOnAbort();
  EndWhenOrphaned();
  IgnoreSignalsOfTheMaster();
  auto worker = Worker::Create(context);
  if (!worker) {
    LogError("Worker failed to start: {}", worker.error().message);
    TellStarter(worker.error().message);
    return ExitCode::kWorkerBoot;
  }
  LeaveStarter();
  (*worker)->Run();
  BlockEndSignals();
  LogInfo("Worker exiting (pid: {})", getpid());
  return ExitCode::kOk;
}

}  // namespace sqlicorn
