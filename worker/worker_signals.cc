// SPDX-License-Identifier: MIT
#include "worker/worker_signals.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>

#include "common/base/log.h"
#include "common/base/process.h"
#include "common/base/result.h"

namespace sqlicorn {
namespace {

// Who sent a signal to this process, as siginfo_t says.
struct SignalSender {
  int signal = 0;
  pid_t pid = 0;  // 0: outside of our pid namespace
  uid_t uid = 0;
  bool kernel = false;  // as for ^C in a terminal; the rest means nothing then
};

std::array<void (*)(int), NSIG> g_handlers{};
SignalSender g_first;
std::atomic<bool> g_known = false;

// libuv blocks all signals in its handlers, so this is never entered twice.
void OnSignal(int signal, siginfo_t* info, void* /*context*/) {
  // Once known it is not written again, so that the loop may read it while other signals come.
  if (!g_known.load(std::memory_order_relaxed)) {
    g_first = {signal, info->si_pid, info->si_uid, info->si_code == SI_KERNEL};
    g_known.store(true, std::memory_order_release);
  }
  g_handlers[static_cast<std::size_t>(signal)](signal);
}

// In front of the handler that it has, which libuv has installed and which goes on to be called.
void RememberSender(int signal) {
  struct sigaction action {};

  CHECK(sigaction(signal, nullptr, &action) == 0);
  CHECK((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler != SIG_DFL);
  g_handlers.at(static_cast<std::size_t>(signal)) = action.sa_handler;
  action.sa_flags |= SA_SIGINFO;
  action.sa_sigaction = OnSignal;
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

// The kernel's word that the master has died: see ProcessSpawner. A loop that is stuck inside
// SQLite would keep the port from the next master, so it gets a second to notice.
void OnOrphaned(int /*signal*/) {
  static volatile std::sig_atomic_t told = 0;

  struct sigaction quit {};

  // A worker that starts does not listen yet, and the default of SIGQUIT would leave its core; it
  // is ignored where a shell has started the server in the background.
  const bool starts = sigaction(SIGQUIT, nullptr, &quit) == 0 &&
                      (quit.sa_handler == SIG_DFL || quit.sa_handler == SIG_IGN);
  if (told != 0 || starts) {
    LogLineInHandler(LogLevel::kWarning,
                     starts ? "Parent changed, shutting down at once: worker that starts"
                            : "Parent changed, shutting down at once: stuck worker");
    _exit(static_cast<int>(ExitCode::kError));
  }
  // As if it had been sent to us: the loop hears it like any other. If it has not ended us by then,
  // the alarm brings us back here.
  told = 1;
  raise(SIGQUIT);
  alarm(1);
}

}  // namespace

void IgnoreSignalsOfTheMaster() {
  for (const int ignored :
       {SIGPIPE, SIGXFSZ, SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH}) {
    std::signal(ignored, SIG_IGN);
  }
}

void EndWhenOrphaned() {
  std::signal(SIGALRM, OnOrphaned);
}

void RememberWhoTells() {
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) {
    RememberSender(signal);
  }
}

// The parent is asked first: with a master that died the sender is the kernel, or we are.
void LogWhoTold(pid_t master) {
  const SignalSender* const sender = g_known.load(std::memory_order_acquire) ? &g_first : nullptr;
  if (getppid() != master) {
    LogInfo("Parent changed, shutting down: worker {}", getpid());
  } else if (sender && sender->kernel) {
    LogInfo("Told to end by SIG{} from the terminal", sigabbrev_np(sender->signal));
  } else if (sender && sender->pid == 1 && master != 1) {
    // The service manager, which tells all processes of a service at once: one line is the
    // master's.
    LogDebug("Told to end by SIG{} from pid 1", sigabbrev_np(sender->signal));
  } else if (sender && sender->pid != master) {
    LogWarning("Told to end by SIG{} from pid {} (uid {}), not by the master",
               sigabbrev_np(sender->signal), sender->pid, sender->uid);
  }
}

void BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGUSR1}) {
    sigaddset(&signals, signal);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace sqlicorn
