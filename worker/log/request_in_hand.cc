// SPDX-License-Identifier: MIT
#include "worker/log/request_in_hand.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>

#include "common/base/log.h"
#include "common/base/process.h"
#include "worker/log/access_log.h"

namespace sqlicorn {
namespace {

std::atomic<const ServedRequest*> g_in_hand = nullptr;
AccessLog* g_access_log = nullptr;
const WorkerSlot* g_slot = nullptr;
pid_t g_master = 0;

// Text of a fixed size; what does not fit is left out. Nothing here allocates.
class Sentence {
 public:
  Sentence& Say(std::string_view text) {
    const std::size_t size = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), size);
    size_ += size;
    return *this;
  }

  Sentence& Say(std::int64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return Say({digits.data(), end});
  }

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 640> text_{};
  std::size_t size_ = 0;
};

constexpr std::size_t kLongestTarget = 400;

void SayRequest(const ServedRequest& served, Sentence& sentence) {
  const std::string_view target = served.request->target();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - served.started);
  sentence.Say(" was at ").Say(served.request->method()).Say(" ");
  sentence.Say(target.substr(0, kLongestTarget));
  sentence.Say(target.size() > kLongestTarget ? "\u2026" : "").Say(" of ");
  sentence.Say(served.peer.empty() ? "a local client" : served.peer).Say(" for ");
  sentence.Say(ms.count()).Say(" ms");
}

// Who has aborted us, and what we were at.
void SayAbort(const siginfo_t& info, const ServedRequest* served, Sentence& sentence) {
  const bool ourselves = info.si_pid == getpid();
  sentence.Say(ourselves ? "Failed worker (pid:" : "Aborted worker (pid:").Say(getpid()).Say(")");
  if (served != nullptr) {
    SayRequest(*served, sentence);
  } else {
    sentence.Say(" had no request in hand");
  }
  if (g_slot != nullptr) {
    sentence.Say("; connections lost: ").Say(g_slot->ReadConnections());
  }
  if (served != nullptr && info.si_pid == g_master) {
    sentence.Say("; a database.statement_timeout ends long statements sooner");
  }
  if (ourselves) {
    sentence.Say("; it aborts itself, not told by the master: a fault of the program");
  } else if (info.si_pid != g_master) {
    sentence.Say("; aborted by pid ").Say(info.si_pid).Say(" (uid ").Say(info.si_uid);
    sentence.Say("), not by the master");
  }
}

// Only a raw handler runs while the loop is stuck inside SQLite, and only async-signal-safe calls
// may be made in it. The master's word that we hang ends us quietly; any other abort is a failure
// of its own and ends as it would without a handler, with a core where those are kept.
void OnAbort(int signal, siginfo_t* info, void* /*context*/) {
  const bool told = info->si_pid == g_master;
  if (told && g_access_log == nullptr) {
    _exit(static_cast<int>(ExitCode::kError));
  }
  const ServedRequest* const served = g_in_hand.load(std::memory_order_relaxed);
  Sentence sentence;
  SayAbort(*info, served, sentence);
  LogLineInHandler(told ? LogLevel::kError : LogLevel::kCritical, sentence.view());
  if (served != nullptr && g_access_log != nullptr) {
    g_access_log->WriteInHandler(*served);
  }
  if (told) {
    _exit(static_cast<int>(ExitCode::kError));
  }
  std::signal(signal, SIG_DFL);
  raise(signal);  // comes when this handler has returned
}

void HandleAbort() {
  struct sigaction action {};

  action.sa_sigaction = OnAbort;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGABRT, &action, nullptr);
}

}  // namespace

// Relaxed is enough: the handler that reads it interrupts the thread that writes it.
void SetRequestInHand(const ServedRequest* served) {
  g_in_hand.store(served, std::memory_order_relaxed);
}

void ReportRequestOnAbort(AccessLog& access_log, const WorkerSlot& slot) {
  g_access_log = &access_log;
  g_slot = &slot;
  HandleAbort();
}

void EndOnAbort() {
  SetRequestInHand(nullptr);
  g_access_log = nullptr;
  g_slot = nullptr;
  if (g_master == 0) {  // not later, when another may be our parent
    g_master = getppid();
  }
  HandleAbort();
}

}  // namespace sqlicorn
