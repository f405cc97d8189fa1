// SPDX-License-Identifier: MIT
#include "worker/http_connection.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kFlushBytes = 64U << 10U;       // answers gathered before a write
constexpr std::size_t kMaxQueuedBytes = 256U << 10U;  // beyond it the client is not read
constexpr int kClientClosed = 499;                    // of the access log only, as in nginx
constexpr int kServerError = 500;
constexpr Duration kLinger = std::chrono::seconds(2);
// A client that has just connected, or has just been answered, is likely to be sending: a worker
// that stops hears it for so long before it closes.
constexpr Duration kHearing = std::chrono::milliseconds(500);

}  // namespace

HttpConnection::HttpConnection(ConnectionServices& services, UniqueFd socket)
    : services_(services),
      socket_peer_(SocketAddress::PeerOf(socket.get())),
      peer_(socket_peer_.host()),
      stream_(Stream::Adopt(services.loop, std::move(socket), this)),
      parser_(services.limits),
      exchange_(*this, services.dispatcher),
      preface_due_(services.proxies.protocol() != ProxyProtocol::kOff),
      scheme_trusted_(services.proxies.TrustsSchemeOf(socket_peer_)) {
  exchange_.peer = peer_;
  UpdateDeadline();
  stream_->StartReading();
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::OnData(std::string_view data) {
  if (preface_due_) {
    OnPreface(data);
  } else if (state_ == State::kReading && pending_.empty()) {
    Serve(data);
  } else if (state_ != State::kLingering) {
    pending_.append(data);
    stream_->StopReading();
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
      if (scheme_trusted_ && !ReadScheme()) {
        break;
      }
      state_ = State::kAnswering;
      fresh_ = false;
      BeginExchange(services_.access_log.BeginningNow(services_.loop.now()));
      services_.dispatcher.Dispatch(exchange_);
      break;
  }
}

void HttpConnection::OnAnswered(Exchange& exchange) {
  if (peer_broken_) {
    Retire();
    return;
  }
  WriteAnswer();
  exchange.reply.Clear();
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
  if (last || services_.ClosesAfterAnswer()) {
    framing.persistence = Persistence::kClose;
  }
  close_after_ = framing.persistence == Persistence::kClose;
  ResponseWriter(out_, services_.Date())
      .Write({reply.status, reply.content_type, reply.body, reply.headers}, framing);
  services_.access_log.Append(exchange_);
  services_.loop.UpdateTime();  // a plan may have held the loop for longer than kHearing
  answered_at_ = services_.loop.now();
}

void HttpConnection::Refuse(int status, std::string_view detail) {
  BeginExchange(head_started_);
  if (services_.bad_requests.Admit(Clock::now(), LogLevel::kWarning)) {
    LogWarning("Invalid request from ip={}: {}", exchange_.peer, detail);
  }
  Reply& reply = exchange_.reply;
  reply.status = status;
  reply.content_type = "text/html";
  reply.body = ErrorPage(status, detail);
  const BodyMode body = parser_.answers_head() ? BodyMode::kOmit : BodyMode::kSend;
  ResponseWriter(out_, services_.Date())
      .Write({reply.status, reply.content_type, reply.body, {}}, {1, Persistence::kClose, body});
  if (body == BodyMode::kOmit) {
    reply.body.clear();
  }
  services_.access_log.Append(exchange_);
  close_after_ = true;
}

void HttpConnection::LogUnanswered(int status) {
  if (state_ == State::kReading) {
    BeginExchange(head_started_);
  }
  exchange_.reply.Clear();
  exchange_.reply.status = status;
  services_.access_log.Append(exchange_);
}

bool HttpConnection::ReadingRequest() const {
  return state_ == State::kReading && !parser_.idle() && !close_after_;
}

void HttpConnection::Abandon() {
  if (state_ == State::kAnswering) {
    LogUnanswered(kServerError);
  }
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
  } else if (state_ == State::kLingering) {
    WaitUntil(services_.loop.now() + kLinger);
  } else if (state_ == State::kReading) {
    answered_at_ = services_.loop.now();
    Resume();
    HearBeforeDrain();
  }
}

void HttpConnection::OnReadEnd(int errno_value) {
  peer_finished_ = true;
  peer_broken_ = errno_value != 0;
  // A client that hangs up while its request waits in line has gone, as in nginx.
  if (peer_broken_ || state_ == State::kAnswering) {
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
  if (ReadingRequest()) {
    LogUnanswered(kClientClosed);
  }
  state_ = State::kLingering;
  const bool unsent = stream_->queued_bytes() > 0;
  WaitUntil(services_.loop.now() +
            (unsent ? FromSeconds(services_.settings.body_timeout) : kLinger));
  stream_->ShutdownWrite();
  if (!peer_finished_) {
    stream_->StartReading();
  }
}

void HttpConnection::Drain() {
  if (!idle()) {
    return;
  }
  const TimePoint now = services_.loop.now();
  if (fresh_ || now - answered_at_ < kHearing || stream_->HasUnread()) {
    deadline_ = std::min(deadline_, now + kHearing);
  } else {
    Retire();
  }
}

// A client that read a long answer meanwhile may have sent its next request behind it.
void HttpConnection::HearBeforeDrain() {
  if (services_.closing && idle()) {
    deadline_ = std::min(deadline_, services_.loop.now() + kHearing);
  }
}

bool HttpConnection::idle() const {
  return state_ == State::kReading && parser_.idle() && pending_.empty() &&
         stream_->queued_bytes() == 0;
}

void HttpConnection::Retire() {
  if (state_ != State::kRetired) {
    if (state_ == State::kAnswering || ReadingRequest()) {
      LogUnanswered(kClientClosed);
    }
    if (state_ == State::kAnswering) {
      services_.dispatcher.Withdraw(exchange_);
    }
    state_ = State::kRetired;
    stream_->StopReading();
    services_.keeper.Retire(*this);
  }
}

bool HttpConnection::WritesPile() const {
  return stream_->queued_bytes() > kMaxQueuedBytes;
}

}  // namespace sqlicorn
