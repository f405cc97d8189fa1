// SPDX-License-Identifier: MIT
#include "worker/http/http_connection.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kSmallInput = 4U << 10U;  // one request or a few

}  // namespace

HttpConnection::HttpConnection(ConnectionServices& services, UniqueFd socket)
    : services_(services),
      socket_peer_(SocketAddress::PeerOf(socket.get())),
      peer_(socket_peer_.host()),
      stream_(Stream::Adopt(services.loop, std::move(socket), this)),
      parser_(services.limits),
      exchange_(*this),
      state_(services.proxies.expect_preface() ? State::kPreface : State::kReading),
      scheme_trusted_(services.proxies.TrustsSchemeOf(socket_peer_)),
      opened_(services.loop.now()) {
  exchange_.peer = peer_;
  stream_->StartReading();
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::OnData(std::string_view data) {
  heard_ = services_.loop.now();
  if (state_ == State::kPreface) {
    OnPreface(data);
  } else if (state_ == State::kReading && pending_.empty()) {
    Serve(data);
  } else if (state_ != State::kLingering) {
    // One read is kept at most: the client has to wait in the kernel's buffers and in its own.
    pending_.append(data);
    stream_->StopReading();
    CountHeld();
  }
}

// A PROXY header comes in front of everything, and may come in pieces like anything else.
void HttpConnection::OnPreface(std::string_view data) {
  preface_.append(data);
  Preface preface = services_.proxies.ReadPreface(preface_, socket_peer_);
  if (preface.kind == Preface::Kind::kUndecided) {
    return;
  }
  state_ = State::kReading;
  head_began_ = services_.loop.now();
  if (preface.kind == Preface::Kind::kRefused) {
    Refuse(preface.status, preface.complaint);
  } else if (!preface.client.empty()) {
    peer_ = std::move(preface.client);
    exchange_.peer = peer_;
  }
  const std::string octets = std::exchange(preface_, {});
  Serve(std::string_view(octets).substr(preface.size));
}

// `data` is not in pending_, which is written here. What is left of it waits there with reading
// stopped, for a slice of the loop, or for the answer that is being made: SendReply goes on then.
void HttpConnection::Serve(std::string_view data, std::string* owner) {
  const bool due = services_.slices.HasTime();
  if (due) {
    ServeSlice(&data);
  }
  Flush();
  if (!close_after_ && !data.empty()) {
    KeepRest(data, owner);
    stream_->StopReading();
    if (MayServe()) {
      // Small is what has not had a slice of this round yet. Whoever had one and has more left is
      // large, however little that is, and comes after all others.
      Queue(!due && data.size() <= kSmallInput ? SliceQueue::Work::kSmall
                                               : SliceQueue::Work::kLarge);
    }
  }
  const bool input_over = peer_finished_ && pending_.empty();
  if (state_ == State::kReading && (close_after_ || input_over)) {
    BeginLinger();
  }
  CountHeld();
  // At the very end: the one that has to go may be this one.
  if (services_.Crowded()) {
    services_.keeper.MakeRoom(services_);
  }
}

// What is large is not copied for each of its requests.
void HttpConnection::KeepRest(std::string_view data, std::string* owner) {
  pending_from_ = owner == nullptr ? 0 : owner->size() - data.size();
  if (owner == nullptr) {
    pending_.assign(data);
  } else {
    pending_ = std::move(*owner);
  }
}

void HttpConnection::DropPending() {
  std::string().swap(pending_);
  pending_from_ = 0;
}

void HttpConnection::ServeSlice(std::string_view* data) {
  // An answer that is ready at once ends in Resume while we are still here: it has to see that, or
  // each pipelined request would be another frame on the stack.
  input_ = Input::kServing;
  const TimePoint end = services_.loop.now() + SliceQueue::kSlice;
  std::size_t requests = 0;
  while (!data->empty() && MayServe() && requests++ < SliceQueue::kSliceRequests &&
         services_.loop.now() < end) {
    ParseOne(data);
    if (out_.size() > kFlushBytes) {
      Flush();
    }
  }
  input_ = Input::kAtRest;
}

// Nobody executes what could not be answered any more.
bool HttpConnection::MayServe() const {
  return state_ == State::kReading && !close_after_ && !WritesPile() && !stream_->write_failed();
}

void HttpConnection::Queue(SliceQueue::Work work) {
  input_ = Input::kQueued;
  services_.slices.Add(*this, work);
}

void HttpConnection::OnSlice() {
  input_ = Input::kAtRest;
  Resume();
}

void HttpConnection::ParseOne(std::string_view* data) {
  if (parser_.idle()) {
    head_began_ = services_.loop.now();
  }
  const bool in_body = parser_.in_body();
  std::size_t consumed = 0;
  const Feed feed = parser_.Execute(*data, &consumed);
  data->remove_prefix(consumed);
  switch (feed) {
    case Feed::kNeedMore:
      if (!in_body && parser_.in_body()) {
        body_began_ = services_.loop.now();
      }
      // Asked once the head has arrived: the client sends the body only then. It leaves with the
      // Flush at the end of Serve, behind the answers to what came before.
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
      // Without its own part: one that has arrived is never too much by itself.
      if (services_.Crowded(held_bytes_)) {
        RefuseForRoom();
        break;
      }
      // Before it is dispatched: its outcome may come within the call.
      state_ = State::kAnswering;
      fresh_ = false;
      BeginExchange(services_.access_log.BeginningNow(services_.loop.now()));
      if (!services_.dispatcher.Dispatch(exchange_)) {
        SendReply();
      }
      break;
  }
}

void HttpConnection::BeginExchange(TimePoint started) {
  asked_ = false;
  exchange_.Begin(parser_.message(), started);
  if (peer_.empty()) {
    exchange_.peer = services_.proxies.ClientOf(parser_.message());
  }
}

bool HttpConnection::ReadScheme() {
  switch (services_.proxies.SchemeOf(parser_.message())) {
    case Scheme::kContradictory:
      Refuse(400, "Contradictory scheme headers");
      return false;
    case Scheme::kHttps:
      exchange_.scheme = "https";
      break;
    case Scheme::kHttp:
      exchange_.scheme = "http";
      break;
  }
  return true;
}

void HttpConnection::OnOutcome(Exchange& exchange) {
  services_.dispatcher.Answer(exchange);
  if (state_ != State::kStreaming) {
    SendReply();
  } else if (exchange.outcome.kind == OutcomeKind::kCommitted) {
    EndStream();
  } else {
    BreakStream();
  }
}

void HttpConnection::SendReply() {
  WriteAnswer();
  EndAnswer();
}

// In this order: answer and log line have been made of the parser's message, which Next forgets,
// and Resume begins the request after it.
void HttpConnection::EndAnswer() {
  exchange_.reply.Clear();
  parser_.Next();
  state_ = State::kReading;
  Resume();
}

bool HttpConnection::ReadingRequest() const {
  return state_ == State::kReading && !parser_.idle() && !close_after_;
}

void HttpConnection::Resume() {
  if (input_ != Input::kAtRest) {
    return;  // it goes on by itself
  }
  std::string rest;
  rest.swap(pending_);  // Serve writes to pending_ while it reads this
  Serve(std::string_view(rest).substr(std::exchange(pending_from_, 0)), &rest);
  const bool open = state_ == State::kReading || executing();
  if (open && pending_.empty() && !peer_finished_ && !WritesPile()) {
    stream_->StartReading();
  }
}

}  // namespace sqlicorn
