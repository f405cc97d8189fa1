// SPDX-License-Identifier: MIT
// How long a connection waits for what it waits for.
#include "worker/http_connection.h"

namespace sqlicorn {

void HttpConnection::CheckDeadline(TimePoint now) {
  const std::size_t queued = stream_->queued_bytes();
  // The queue emptied and OnDrained did not come: the write has failed, and a connection that is
  // not read learns it in no other way.
  const bool write_failed = state_ != State::kAnswering && queued_before_ > 0 && queued == 0;
  if (write_failed) {
    Retire();
    return;
  }
  if (now < deadline_) {
    return;
  }
  const bool request_unfinished = state_ == State::kReading && !parser_.idle();
  const bool idle = state_ == State::kReading && parser_.idle() && queued == 0;
  if (idle && stream_->HasUnread()) {
    return;  // a plan held the loop: what came in time is read next
  }
  if (queued > 0 && queued < queued_before_) {
    // A slow reader of a long answer is no dead one.
    WaitUntil(now + FromSeconds(services_.settings.body_timeout));
  } else if (request_unfinished && queued == 0) {
    Refuse(408, "the request did not arrive in time");
    Flush();
    BeginLinger();
  } else {
    Retire();
  }
}

void HttpConnection::UpdateDeadline() {
  const ServerSettings& settings = services_.settings;
  services_.loop.UpdateTime();  // a plan may have held the loop
  const TimePoint now = services_.loop.now();
  if (state_ == State::kAnswering) {
    deadline_ = TimePoint::max();
  } else if (state_ == State::kReading) {
    if (parser_.in_body() || stream_->queued_bytes() > 0) {
      WaitUntil(now + FromSeconds(settings.body_timeout));
    } else if (!parser_.idle()) {
      deadline_ = head_started_ + FromSeconds(settings.header_timeout);
    } else {
      WaitUntil(now + FromSeconds(fresh_ ? settings.header_timeout : settings.keepalive));
    }
  }
}

void HttpConnection::WaitUntil(TimePoint deadline) {
  deadline_ = deadline;
  queued_before_ = stream_->queued_bytes();
}

}  // namespace sqlicorn
