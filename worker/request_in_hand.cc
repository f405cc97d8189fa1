// SPDX-License-Identifier: MIT
#include "worker/request_in_hand.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>

#include "common/base/exit_code.h"
#include "common/base/log.h"
#include "worker/access_log.h"
#include "worker/exchange.h"

namespace sqlicorn {
namespace {

std::atomic<const Exchange*> g_in_hand = nullptr;
AccessLog* g_access_log = nullptr;
const WorkerSlot* g_slot = nullptr;

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

void SayRequest(const Exchange& exchange, Sentence& sentence) {
  const std::string_view target = exchange.request->target();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - exchange.started);
  sentence.Say(" was at ").Say(exchange.request->method()).Say(" ");
  sentence.Say(target.substr(0, kLongestTarget));
  sentence.Say(target.size() > kLongestTarget ? "\u2026" : "").Say(" of ");
  sentence.Say(exchange.peer.empty() ? "a local client" : exchange.peer).Say(" for ");
  sentence.Say(ms.count()).Say(" ms");
}

// Only a raw handler runs while the loop is stuck inside SQLite, and only async-signal-safe calls
// may be made in it.
void OnAbort(int /*signal*/) {
  const Exchange* const exchange = g_in_hand.load(std::memory_order_relaxed);
  Sentence sentence;
  sentence.Say("Aborted worker (pid:").Say(getpid()).Say(")");
  if (exchange != nullptr) {
    SayRequest(*exchange, sentence);
  } else {
    sentence.Say(" had no request in hand");
  }
  if (g_slot != nullptr) {
    sentence.Say("; connections lost: ").Say(g_slot->connections.load(std::memory_order_relaxed));
  }
  LogLineInHandler(LogLevel::kError, sentence.view());
  if (exchange != nullptr && g_access_log != nullptr) {
    g_access_log->WriteInHandler(*exchange);
  }
  _exit(static_cast<int>(ExitCode::kError));
}

void OnAbortSilently(int /*signal*/) {
  _exit(static_cast<int>(ExitCode::kError));
}

}  // namespace

void SetRequestInHand(const Exchange* exchange) {
  g_in_hand.store(exchange, std::memory_order_relaxed);
}

void ReportRequestOnAbort(AccessLog& access_log, const WorkerSlot& slot) {
  g_access_log = &access_log;
  g_slot = &slot;
  std::signal(SIGABRT, OnAbort);
}

void EndOnAbort() {
  SetRequestInHand(nullptr);
  std::signal(SIGABRT, OnAbortSilently);
}

}  // namespace sqlicorn
