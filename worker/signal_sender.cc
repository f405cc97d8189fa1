// SPDX-License-Identifier: MIT
#include "worker/signal_sender.h"

#include <array>
#include <atomic>
#include <csignal>

#include "common/base/check.h"

namespace sqlicorn {
namespace {

std::array<void (*)(int), NSIG> g_handlers{};
SignalSender g_first;
std::atomic<bool> g_known = false;

// libuv blocks all signals in its handlers, so this is never entered twice.
void OnSignal(int signal, siginfo_t* info, void* /*context*/) {
  if (!g_known.load(std::memory_order_relaxed)) {
    g_first = {signal, info->si_pid, info->si_uid, info->si_code == SI_KERNEL};
    g_known.store(true, std::memory_order_release);
  }
  g_handlers[static_cast<std::size_t>(signal)](signal);
}

}  // namespace

void RememberSender(int signal) {
  struct sigaction action {};

  CHECK(sigaction(signal, nullptr, &action) == 0);
  CHECK((action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler != SIG_DFL);
  g_handlers.at(static_cast<std::size_t>(signal)) = action.sa_handler;
  action.sa_flags |= SA_SIGINFO;
  action.sa_sigaction = OnSignal;
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

std::optional<SignalSender> FirstSender() {
  return g_known.load(std::memory_order_acquire) ? std::make_optional(g_first) : std::nullopt;
}

}  // namespace sqlicorn
