// SPDX-License-Identifier: MIT
// What leaves a connection, and how it ends.
#include <string>
#include <utility>

#include "worker/answer/problem.h"
#include "worker/http/http_connection.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kKeptBytes = 128U << 10U;       // of the buffer that gathers answers
constexpr std::size_t kMaxUnsentBytes = 256U << 10U;  // beyond it the client is not read
constexpr int kServerError = 500;
constexpr int kUnavailable = 503;
constexpr int kClientClosed = 499;  // of the access log only, as in nginx

}  // namespace

ResponseFraming HttpConnection::FramingNow() const {
  ResponseFraming framing = ResponseFraming::For(*exchange_.request);
  const bool last = peer_finished_ && pending_.empty();
  if (last || services_.ClosesAfterAnswer()) {
    framing.persistence = Persistence::kClose;
  }
  return framing;
}

void HttpConnection::WriteAnswer() {
  Reply& reply = exchange_.reply;
  const ResponseFraming framing = FramingNow();
  close_after_ = framing.persistence == Persistence::kClose;
  services_.access_log.Append(exchange_);  // which counts the body: before that is moved away
  const Response response = {reply.status, reply.content_type, reply.body, reply.headers};
  ResponseWriter writer(out_, services_.Date(), &services_.heads);
  // What is small is copied behind the answers before it: one write for all of them.
  const bool small = reply.body.size() < kFlushBytes;
  if (small) {
    writer.Write(response, framing);
  }
  const bool body_follows = !small && writer.WriteHead(response, framing);
  CutBegun();
  if (body_follows) {
    Flush(std::move(reply.body));  // never copied: it may be as large as all else together
  }
  services_.loop.UpdateTime();  // a plan may have held the loop: for slices and deadlines
  answered_ = services_.loop.now();
}

void HttpConnection::Refuse(int status, std::string_view detail) {
  BeginExchange(head_began_);
  if (services_.bad_requests.Admit(Clock::now(), LogLevel::kWarning)) {
    LogWarning("{} request from ip={}: {}", status == kUnavailable ? "Refused" : "Invalid",
               exchange_.peer, detail);
  }
  Reply& reply = exchange_.reply;
  reply.headers.clear();
  if (status == kUnavailable) {
    reply.headers.push_back({"Retry-After", "1"});
  }
  WriteProblem({.status = status, .detail = detail}, exchange_.request->Header("Accept"), &reply);
  const BodyMode body = parser_.answers_head() ? BodyMode::kOmit : BodyMode::kSend;
  ResponseWriter(out_, services_.Date())
      .Write({reply.status, reply.content_type, reply.body, reply.headers},
             {1, Persistence::kClose, body});
  if (body == BodyMode::kOmit) {
    reply.body.clear();
  }
  services_.access_log.Append(exchange_);
  close_after_ = true;
}

void HttpConnection::LogUnanswered(int status) {
  if (state_ == State::kReading) {
    BeginExchange(head_began_);
  }
  const std::uint64_t sent = exchange_.reply.sent_bytes;
  exchange_.reply.Clear();
  exchange_.reply.status = status;
  exchange_.reply.sent_bytes = sent;
  services_.access_log.Append(exchange_);
}

void HttpConnection::Flush(std::string&& body) {
  if (!out_.empty() || !body.empty()) {
    stream_->Write(out_, std::move(body));
    out_.clear();
    WatchQueue(services_.loop.now());
  }
  // Every open connection would keep the room of its largest answers otherwise.
  if (out_.capacity() > kKeptBytes) {
    out_.shrink_to_fit();
  }
  if (WritesPile()) {
    stream_->StopReading();
  }
}

// A client that takes little but goes on taking is not cut off: only the time since its last octet
// counts (ConnectionFacts::taken).
void HttpConnection::WatchQueue(TimePoint now) {
  const std::size_t unsent = stream_->queued_bytes() == 0 ? 0 : stream_->untaken_bytes();
  if (unsent < unsent_seen_ || unsent_seen_ == 0) {
    taken_ = now;
    exchange_.taken_us = now.time_since_epoch() / std::chrono::microseconds(1);
  }
  unsent_seen_ = unsent;
}

void HttpConnection::OnDrained() {
  const TimePoint now = services_.loop.now();
  drained_ = now;
  unsent_seen_ = 0;
  CountHeld();
  if (state_ != State::kStreaming) {
    stream_->SetClose(
        Stream::Close::kOrderly);  // which the end of a stream leaves to its last octet
  }
  if (state_ == State::kLingering && peer_finished_) {
    Retire();
  } else if (state_ == State::kReading) {
    // Who has read a long answer meanwhile may have sent the next request behind it.
    if (services_.closing && !told_to_stop_) {
      told_to_stop_ = now;
    }
    Resume();
  } else if (state_ == State::kStreaming) {
    services_.dispatcher.GoOn(exchange_);
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

// To close a socket while there is unread input makes the kernel send a reset, which also destroys
// what of our last answer has not been read yet. So only our side is shut, and input is dropped
// until the client closes, for two seconds at most.
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
  DropPending();
  stream_->ShutdownWrite();
  if (!peer_finished_) {
    stream_->StartReading();
  }
}

// Nothing is sent: the worker's loop does not run any more, and the process ends.
void HttpConnection::Abandon() {
  if (executing()) {
    LogUnanswered(kServerError);
  }
}

// A client that keeps its connection sends its next request when it likes, and cannot know that we
// stop: who has just got an answer is likely to be doing that, and its request would be lost.
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

bool HttpConnection::executing() const {
  return state_ == State::kAnswering || state_ == State::kStreaming;
}

bool HttpConnection::idle() const {
  return listening() && parser_.idle() && pending_.empty() && out_.empty() &&
         stream_->queued_bytes() == 0;
}

void HttpConnection::Retire() {
  if (state_ == State::kRetired) {
    return;
  }
  if (executing() || ReadingRequest()) {
    LogUnanswered(kClientClosed);
  }
  if (executing()) {
    services_.dispatcher.Withdraw(exchange_);
  }
  if (input_ == Input::kQueued) {
    services_.slices.Remove(*this);
  }
  // First: whoever is up the stack goes on to CountHeld, which would count us again.
  state_ = State::kRetired;
  services_.held_bytes -= std::exchange(held_bytes_, 0);
  stream_->StopReading();
  services_.keeper.Retire(*this);
}

bool HttpConnection::WritesPile() const {
  return stream_->queued_bytes() > kMaxUnsentBytes;
}

}  // namespace sqlicorn
