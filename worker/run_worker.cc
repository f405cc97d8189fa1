// SPDX-License-Identifier: MIT
#include "worker/run_worker.h"

#include <unistd.h>

#include <csignal>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/process_title.h"
#include "common/base/starter.h"
#include "worker/log/request_in_hand.h"
#include "worker/worker.h"

namespace sqlicorn {
namespace {

// Signals that would end us while we clean up, which ends us anyway.
void BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGUSR1}) {
    sigaddset(&signals, signal);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

// The kernel's word that the master has died: see ProcessSpawner. A loop that is stuck inside
// SQLite would keep the port from the next master, so it gets a second to notice.
void OnOrphaned(int /*signal*/) {
  static volatile std::sig_atomic_t told = 0;
  if (told != 0) {
    LogLineInHandler(LogLevel::kWarning, "Parent changed, shutting down at once: stuck worker");
    _exit(static_cast<int>(ExitCode::kError));
  }
  told = 1;
  raise(SIGQUIT);
  alarm(1);
}

}  // namespace

ExitCode RunWorker(const WorkerContext& context) {
  SetProcessTitle(fmt::format("sqlicorn: worker [{}]", context.config.server.proc_name));
  LogInfo("Booting worker with pid: {}", getpid());
  EndOnAbort();
  std::signal(SIGALRM, OnOrphaned);
  for (const int ignored :
       {SIGPIPE, SIGXFSZ, SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH}) {
    std::signal(ignored, SIG_IGN);
  }
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
