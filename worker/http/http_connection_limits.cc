// SPDX-License-Identifier: MIT
// How long a connection waits and how much it holds, and what becomes of it beyond.
#include <string>
#include <utility>

#include "worker/http/http_connection.h"

namespace sqlicorn {
namespace {

constexpr int kUnavailable = 503;
constexpr std::string_view kEveryAnswer = "HTTP/1.";  // begins so
// Below it a request that is ended frees nothing worth speaking of.
constexpr std::size_t kLoadBytes = 16U << 10U;
// What is kept for the next request is worth it for a moment only: a client that has read a long
// answer may be silent for long.
constexpr Duration kKeptFor = std::chrono::seconds(1);
constexpr std::size_t kSmallBytes = 1U << 10U;

}  // namespace

ParserLimits LimitsOf(const ServerSettings& settings) {
  return {.request_line = static_cast<std::size_t>(settings.limit_request_line),
          .fields = static_cast<std::size_t>(settings.limit_request_fields),
          .field_size = static_cast<std::size_t>(settings.limit_request_field_size),
          .body = static_cast<std::size_t>(settings.limit_request_body),
          .underscore_names =
              settings.header_map == "refuse" ? UnderscoreNames::kRefuse : UnderscoreNames::kDrop};
}

// A pass over all connections four times a second instead of a timer each, which every request
// would have to set anew.
void HttpConnection::CheckDeadline(TimePoint now) {
  WatchQueue(now);
  CountHeld();
  if (held_bytes_ > kSmallBytes && now - answered_ > kKeptFor) {
    Trim();
  }
  // A client that is not read from while its request waits cannot tell that it has gone.
  const bool deaf = peer_finished_ || !pending_.empty();
  if (executing() && deaf && stream_->IsReset()) {
    Retire();
    return;
  }
  if (state_ == State::kAnswering && peer_finished_) {
    AskWhetherThere();
  }
  const ServerSettings& settings = services_.settings;
  const Deadline deadline =
      DeadlineOf(Facts(), {.head = FromSeconds(settings.header_timeout),
                           .body = FromSeconds(settings.body_timeout),
                           .keepalive = FromSeconds(settings.keepalive),
                           .body_rate = static_cast<double>(settings.body_min_rate)});
  if (now < deadline.at) {
    return;
  }
  if (deadline.expiry == Expiry::kAnswer408) {
    Refuse(408, "the request did not arrive in time");
    Flush();
    BeginLinger();
  } else if (!idle() || !stream_->HasUnread()) {
    Retire();
  }
  // Else a plan held the loop: what came in time is read next.
}

// The end of what a client sends is no hang-up, and one that has closed for good looks the same.
// But its kernel answers to octets with a reset, which the next pass sees. So it gets some when its
// statements take long, and those of others need no asking: an interim answer, which HTTP/1.1
// allows at any time, or the octets that its answer begins with whatever that will be.
void HttpConnection::AskWhetherThere() {
  if (asked_ || !exchange_.runs_long()) {
    return;
  }
  asked_ = true;
  if (exchange_.request->http_minor() == 0) {
    out_ += kEveryAnswer;
    begun_ = kEveryAnswer.size();
  } else {
    ResponseWriter(out_, services_.Date()).WriteInterim(102);
  }
  Flush();
}

void HttpConnection::CutBegun() {
  if (begun_ > 0) {
    CHECK(out_.starts_with(kEveryAnswer));
    out_.erase(0, std::exchange(begun_, 0));
  }
}

ConnectionFacts HttpConnection::Facts() const {
  using Doing = ConnectionFacts::Doing;
  using Request = ConnectionFacts::Request;
  const Doing doing = state_ == State::kAnswering   ? Doing::kAnswering
                      : state_ == State::kStreaming ? Doing::kStreaming
                      : state_ == State::kLingering ? Doing::kLingering
                                                    : Doing::kListening;
  const Request begun = parser_.in_body() ? Request::kHead : Request::kPartOfHead;
  return {.doing = doing,
          .request = parser_.idle() ? Request::kNothing : begun,
          .input_left = !pending_.empty(),
          .unsent = stream_->queued_bytes() > 0,
          .fresh = fresh_,
          .body_bytes = parser_.message().body().size(),
          .opened = opened_,
          .head_began = head_began_,
          .body_began = body_began_,
          .heard = heard_,
          .answered = answered_,
          .taken = taken_,
          .drained = drained_,
          .lingered = lingered_,
          .told_to_stop = told_to_stop_};
}

// By capacity, which is what memory it costs. The sum of all connections is kept by differences: to
// add them up at each read would be a pass over all of them.
void HttpConnection::CountHeld() {
  if (state_ == State::kRetired) {
    return;
  }
  const std::size_t held = parser_.buffered_bytes() + pending_.capacity() + preface_.capacity() +
                           out_.capacity() + exchange_.reply.body.capacity() +
                           stream_->queued_memory();
  services_.held_bytes += held - held_bytes_;
  held_bytes_ = held;
}

// Requests that have arrived are none: they are executed, and end by themselves.
bool HttpConnection::IsLoad() const {
  return ReadingRequest() && parser_.buffered_bytes() > kLoadBytes;
}

void HttpConnection::Shed() {
  RefuseForRoom();
  Flush();
  BeginLinger();
  CountHeld();
}

void HttpConnection::RefuseForRoom() {
  Refuse(kUnavailable, "the worker holds too much for all clients (server.limit_worker_buffers)");
}

void HttpConnection::Trim() {
  if (idle()) {
    parser_.Release();
    DropPending();
    std::string().swap(out_);
    std::string().swap(exchange_.reply.body);
    CountHeld();
  }
}

}  // namespace sqlicorn
