// SPDX-License-Identifier: MIT
#include "worker/http_connection.h"

#include <utility>

#include "common/base/log.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kFlushBytes = 64U << 10U;       // answers gathered before a write
constexpr std::size_t kMaxQueuedBytes = 256U << 10U;  // beyond it the client is not read
constexpr std::size_t kMaxLingerBytes = 64U << 10U;
constexpr Duration kLinger = std::chrono::seconds(2);

}  // namespace

HttpConnection::HttpConnection(ConnectionServices& services, UniqueFd socket)
    : services_(services),
      peer_(SocketAddress::PeerOf(socket.get()).host()),
      stream_(Stream::Adopt(services.loop, std::move(socket), this)),
      parser_(services.limits),
      exchange_(*this, services.dispatcher) {
  UpdateDeadline();
  stream_->StartReading();
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::OnData(std::string_view data) {
  if (state_ == State::kLingering) {
    lingered_bytes_ += data.size();
    if (lingered_bytes_ > kMaxLingerBytes) {
      Retire();
    }
  } else if (state_ == State::kReading && pending_.empty()) {
    Serve(data);
  } else {
    pending_.append(data);
  }
}

void HttpConnection::Serve(std::string_view data) {
  serving_ = true;
  while (!data.empty() && state_ == State::kReading && !close_after_ && !WritesPile()) {
    ParseOne(&data);
    if (out_.size() > kFlushBytes) {
      Flush();
    }
  }
  serving_ = false;
  Flush();
  if (!close_after_ && !data.empty()) {
    pending_.assign(data);
    stream_->StopReading();
  }
  const bool input_over = peer_finished_ && pending_.empty();
  if (state_ == State::kReading && (close_after_ || input_over)) {
    BeginLinger();
  }
  UpdateDeadline();
}

void HttpConnection::ParseOne(std::string_view* data) {
  if (parser_.idle()) {
    head_started_ = services_.loop.now();
  }
  std::size_t consumed = 0;
  const Feed feed = parser_.Execute(*data, &consumed);
  data->remove_prefix(consumed);
  switch (feed) {
    case Feed::kNeedMore:
      if (parser_.wants_continue()) {
        ResponseWriter(out_, services_.Date()).WriteContinue();
      }
      break;
    case Feed::kError:
      Refuse(parser_.error().status, parser_.error().detail);
      break;
    case Feed::kMessage:
      state_ = State::kAnswering;
      fresh_ = false;
      exchange_.Begin(parser_.message(), services_.loop.now());
      services_.dispatcher.Dispatch(exchange_);
      break;
  }
}

void HttpConnection::OnAnswered(Exchange& /*exchange*/) {
  WriteAnswer();
  parser_.Next();
  state_ = State::kReading;
  if (!serving_) {
    Resume();
  }
}

void HttpConnection::WriteAnswer() {
  const Reply& reply = exchange_.reply;
  ResponseFraming framing = ResponseFraming::For(*exchange_.request);
  const bool last = peer_finished_ && pending_.empty();
  if (services_.draining || services_.settings.keepalive <= 0 || last) {
    framing.persistence = Persistence::kClose;
  }
  close_after_ = framing.persistence == Persistence::kClose;
  ResponseWriter(out_, services_.Date())
      .Write({reply.status, reply.content_type, reply.body, reply.headers}, framing);
  services_.access_log.Append(peer_, exchange_);
}

void HttpConnection::Refuse(int status, std::string_view detail) {
  LogWarning("Invalid request from ip={}: {}", peer_, detail);
  ResponseWriter(out_, services_.Date()).WriteErrorPage(status, detail);
  close_after_ = true;
}

void HttpConnection::Resume() {
  std::string rest;
  rest.swap(pending_);
  if (!peer_finished_) {
    stream_->StartReading();
  }
  Serve(rest);
}

void HttpConnection::Flush() {
  if (!out_.empty()) {
    stream_->Write(out_);
    out_.clear();
  }
  if (out_.capacity() > kFlushBytes * 2) {
    out_.shrink_to_fit();
  }
  if (WritesPile()) {
    stream_->StopReading();
  }
}

void HttpConnection::OnDrained() {
  if (state_ == State::kLingering && peer_finished_) {
    Retire();
  } else if (state_ == State::kReading) {
    Resume();
  }
}

void HttpConnection::OnReadEnd(int errno_value) {
  peer_finished_ = true;
  const bool cut_short = state_ == State::kReading && parser_.Finish() == Feed::kError;
  if (errno_value != 0 || cut_short) {
    Retire();
  } else if (state_ == State::kLingering) {
    if (stream_->queued_bytes() == 0) {
      Retire();
    }
  } else if (state_ == State::kReading && pending_.empty()) {
    BeginLinger();
  }
}

void HttpConnection::BeginLinger() {
  if (peer_finished_ && stream_->queued_bytes() == 0) {
    Retire();
    return;
  }
  state_ = State::kLingering;
  deadline_ = services_.loop.now() + kLinger;
  stream_->ShutdownWrite();
  if (!peer_finished_) {
    stream_->StartReading();
  }
}

void HttpConnection::Drain() {
  const bool idle = state_ == State::kReading && parser_.idle() && pending_.empty();
  if (idle && stream_->queued_bytes() == 0) {
    Retire();
  }
}

void HttpConnection::CheckDeadline(TimePoint now) {
  if (now < deadline_) {
    return;
  }
  const bool request_unfinished = state_ == State::kReading && !parser_.idle();
  if (request_unfinished && stream_->queued_bytes() == 0) {
    Refuse(408, "the request did not arrive in time");
    Flush();
    BeginLinger();
  } else {
    Retire();
  }
}

void HttpConnection::UpdateDeadline() {
  const ServerSettings& settings = services_.settings;
  const TimePoint now = services_.loop.now();
  if (state_ == State::kAnswering) {
    deadline_ = TimePoint::max();
  } else if (state_ == State::kReading) {
    if (parser_.in_body() || stream_->queued_bytes() > 0) {
      deadline_ = now + FromSeconds(settings.body_timeout);
    } else if (!parser_.idle()) {
      deadline_ = head_started_ + FromSeconds(settings.header_timeout);
    } else {
      deadline_ = now + FromSeconds(fresh_ ? settings.header_timeout : settings.keepalive);
    }
  }
}

void HttpConnection::Retire() {
  if (state_ != State::kRetired) {
    state_ = State::kRetired;
    stream_->StopReading();
    services_.keeper.Retire(*this);
  }
}

bool HttpConnection::WritesPile() const {
  return stream_->queued_bytes() > kMaxQueuedBytes;
}

}  // namespace sqlicorn
