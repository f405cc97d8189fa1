// SPDX-License-Identifier: MIT
// How long a connection waits for what it waits for.
#include "worker/http/http_connection.h"

namespace sqlicorn {

void HttpConnection::CheckDeadline(TimePoint now) {
  WatchQueue(now);
  CountHeld();
  // A client that is not read from while its request waits cannot tell that it has gone.
  const bool deaf = peer_finished_ || !pending_.empty();
  if (state_ == State::kAnswering && deaf && stream_->IsReset()) {
    Retire();
    return;
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

ConnectionFacts HttpConnection::Facts() const {
  return {.answering = state_ == State::kAnswering,
          .lingering = state_ == State::kLingering,
          .input_left = !pending_.empty(),
          .unsent = stream_->queued_bytes() > 0,
          .head_begun = !parser_.idle(),
          .in_body = parser_.in_body(),
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

}  // namespace sqlicorn
