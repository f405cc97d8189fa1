// SPDX-License-Identifier: MIT
#include "worker/run_worker.h"

#include <unistd.h>

#include <csignal>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "worker/worker.h"

namespace sqlicorn {
namespace {

// The master's word that we are hung. Only a raw handler runs while the loop is stuck inside
// SQLite.
void OnAbort(int /*signal*/) {
  _exit(static_cast<int>(ExitCode::kError));
}

}  // namespace

ExitCode RunWorker(const WorkerContext& context) {
  SetProcessTitle(fmt::format("sqlicorn: worker [{}]", context.config.server.proc_name));
  LogInfo("Booting worker with pid: {}", getpid());
  std::signal(SIGABRT, OnAbort);
  for (const int ignored :
       {SIGPIPE, SIGXFSZ, SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH}) {
    std::signal(ignored, SIG_IGN);
  }
  auto worker = Worker::Create(context);
  if (!worker) {
    LogError("Worker failed to start: {}", worker.error().message);
    return ExitCode::kWorkerBoot;
  }
  (*worker)->Run();
  LogInfo("Worker exiting (pid: {})", getpid());
  return ExitCode::kOk;
}

}  // namespace sqlicorn
