// SPDX-License-Identifier: MIT
#include "worker/http/acceptor.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/base/log.h"

namespace sqlicorn {
namespace {

constexpr Duration kStandBackLook = std::chrono::milliseconds(1);
constexpr Duration kOutOfDescriptors = std::chrono::milliseconds(250);
constexpr int kMaxAccepts = 16;
// Clients that connect without a pause must not keep a worker that stops.
constexpr int kMaxFinalAccepts = 4096;

// Asked of the kernel, as the watchers rest while we stand back.
bool IsReadable(int fd) {
  pollfd readable{fd, POLLIN, 0};
  return poll(&readable, 1, 0) == 1;
}

constexpr std::uint64_t kLongestMs = 5;

bool CanAccept(const WorkerSlot& slot, std::int64_t now_us) {
  return slot.state.load(std::memory_order_relaxed) == WorkerState::kReady &&
         slot.beat_us.load(std::memory_order_relaxed) > now_us - kAbsentAfterUs;
}

}  // namespace

Acceptor::Acceptor(Loop& loop, Options options, std::function<void(UniqueFd)> on_socket)
    : options_(std::move(options)),
      on_socket_(std::move(on_socket)),
      resume_(loop, [this] { OnPauseEnd(); }) {
  for (const int listener : options_.listeners) {
    watchers_.push_back(
        std::make_unique<PollWatcher>(loop, listener, [this, listener] { OnReadable(listener); }));
  }
}

void Acceptor::Start() {
  Resume();
}

// All watchers rest in the meantime: the loop is told again and again of a socket that stays
// readable, and would not sleep.
void Acceptor::OnReadable(int listener) {
  if (StandBack() > Duration::zero()) {
    yielded_ = Yielded{listener, Clock::now()};
    Pause(kStandBackLook);
    return;
  }
  // Several: where a round of the loop is long, one a round would be a queue of its own.
  for (int i = 0; i < kMaxAccepts && AcceptOne(listener); ++i) {
    if (Full() || StandBack() > Duration::zero()) {
      break;
    }
  }
  if (Full() && listening_ == Listening::kOn) {
    Pause(Duration::zero());
  }
}

// What the others have left alone for long enough is ours after all.
void Acceptor::OnPauseEnd() {
  if (yielded_ && IsReadable(yielded_->listener)) {
    if (Clock::now() < yielded_->since + StandBack()) {
      resume_.Start(kStandBackLook);
      return;
    }
    AcceptOne(yielded_->listener);
  }
  yielded_.reset();
  if (!resume_.active()) {
    Resume();
  }
}

Duration Acceptor::StandBack() const {
  return StandBackTime(options_.slots, options_.self, MonotonicUs());
}

bool Acceptor::AcceptOne(int listener) {
  UniqueFd socket(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) {
    on_socket_(std::move(socket));
    return true;
  }
  // Any other failure is one connection's, which has gone, or was taken by another worker. With
  // these the connection stays where it is, and the loop would be told of it without an end.
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
    LogError("cannot accept a connection: {}", std::strerror(errno));
    Pause(kOutOfDescriptors);
  }
  return false;
}

// Without a duration: until OnConnectionClosed.
void Acceptor::Pause(Duration pause) {
  for (const auto& watcher : watchers_) {
    watcher->Stop();
  }
  listening_ = Listening::kPaused;
  if (pause > Duration::zero()) {
    resume_.Start(pause);
  }
}

void Acceptor::Resume() {
  if (listening_ == Listening::kPaused && !Full()) {
    listening_ = Listening::kOn;
    for (const auto& watcher : watchers_) {
      watcher->Start();
    }
  }
}

void Acceptor::OnConnectionClosed() {
  if (!resume_.active()) {
    Resume();
  }
}

// A client whose connection is in the kernel's queue believes to be connected, and may have sent
// its request; when the last process closes the socket the kernel resets it. So whoever stops takes
// what is there, although it may be more than its share.
void Acceptor::Finish() {
  Pause(Duration::zero());
  resume_.Stop();
  listening_ = Listening::kFinished;
  watchers_.clear();
  for (const int listener : options_.listeners) {
    for (int i = 0; i < kMaxFinalAccepts && AcceptOne(listener); ++i) {
    }
  }
  // Once more: a pause for want of descriptors would bring us back.
  listening_ = Listening::kFinished;
  resume_.Stop();
}

bool Acceptor::Full() const {
  return options_.slots[options_.self].connections.load(std::memory_order_relaxed) >=
         options_.max_connections;
}

Duration StandBackTime(std::span<const WorkerSlot> slots, std::size_t self, std::int64_t now_us) {
  const std::uint64_t own = slots[self].ReadConnections();
  std::uint64_t workers = 1;
  std::uint64_t connections = own;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i != self && CanAccept(slots[i], now_us)) {
      ++workers;
      connections += slots[i].ReadConnections();
    }
  }
  if (own * workers <= connections) {
    return Duration::zero();
  }
  // Rounded up, so that one connection above a mean that is no whole number counts.
  const std::uint64_t excess = (own * workers - connections + workers - 1) / workers;
  return std::chrono::milliseconds(std::min(excess, kLongestMs));
}

}  // namespace sqlicorn
