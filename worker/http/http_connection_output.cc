// SPDX-License-Identifier: MIT
// What leaves a connection, and how it ends.
#include <string>
#include <utility>

#include "worker/http/http_connection.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kKeptBytes = 128U << 10U;       // of the buffer that gathers answers
constexpr std::size_t kMaxUnsentBytes = 256U << 10U;  // beyond it the client is not read
constexpr int kClientClosed = 499;                    // of the access log only, as in nginx

}  // namespace

void HttpConnection::Flush(std::string&& body) {
  if (!out_.empty()) {
    stream_->Write(out_, std::move(body));
    out_.clear();
    WatchQueue(services_.loop.now());
  }
  if (out_.capacity() > kKeptBytes) {
    out_.shrink_to_fit();
  }
  if (WritesPile()) {
    stream_->StopReading();
  }
}

void HttpConnection::WatchQueue(TimePoint now) {
  const std::size_t unsent = stream_->queued_bytes();
  if (unsent < unsent_seen_ || unsent_seen_ == 0) {
    taken_ = now;
  }
  unsent_seen_ = unsent;
}

void HttpConnection::OnDrained() {
  const TimePoint now = services_.loop.now();
  drained_ = now;
  unsent_seen_ = 0;
  CountHeld();
  if (state_ == State::kLingering && peer_finished_) {
    Retire();
  } else if (state_ == State::kReading) {
    // Who has read a long answer meanwhile may have sent the next request behind it.
    if (services_.closing && !told_to_stop_) {
      told_to_stop_ = now;
    }
    Resume();
  }
}

// The end of what the client sends is no hang-up: what it has sent is executed and answered, as
// long as it may be there to read that.
void HttpConnection::OnReadEnd(int errno_value) {
  peer_finished_ = true;
  if (errno_value != 0) {
    Retire();
  } else if (state_ == State::kLingering) {
    if (stream_->queued_bytes() == 0) {
      Retire();
    }
  } else if (listening() && pending_.empty()) {
    BeginLinger();
  }
}

void HttpConnection::BeginLinger() {
  if (peer_finished_ && stream_->queued_bytes() == 0) {
    Retire();
    return;
  }
  if (ReadingRequest()) {
    LogUnanswered(kClientClosed);
  }
  state_ = State::kLingering;
  lingered_ = services_.loop.now();
  // Refused requests would fill the memory for as long as their clients linger.
  parser_.Release();
  std::string().swap(pending_);
  stream_->ShutdownWrite();
  if (!peer_finished_) {
    stream_->StartReading();
  }
}

void HttpConnection::Drain() {
  const TimePoint now = services_.loop.now();
  const bool heard = fresh_ || now - answered_ < kHearing || stream_->HasUnread();
  if (idle() && !heard) {
    Retire();
  } else {
    told_to_stop_ = now;
  }
}

bool HttpConnection::listening() const {
  return state_ == State::kPreface || state_ == State::kReading;
}

bool HttpConnection::idle() const {
  return listening() && parser_.idle() && pending_.empty() && out_.empty() &&
         stream_->queued_bytes() == 0;
}

void HttpConnection::Retire() {
  if (state_ == State::kRetired) {
    return;
  }
  if (state_ == State::kAnswering || ReadingRequest()) {
    LogUnanswered(kClientClosed);
  }
  if (state_ == State::kAnswering) {
    services_.dispatcher.Withdraw(exchange_);
  }
  if (input_ == Input::kQueued) {
    services_.slices.Remove(*this);
  }
  state_ = State::kRetired;
  services_.held_bytes -= std::exchange(held_bytes_, 0);
  stream_->StopReading();
  services_.keeper.Retire(*this);
}

bool HttpConnection::WritesPile() const {
  return stream_->queued_bytes() > kMaxUnsentBytes;
}

}  // namespace sqlicorn
