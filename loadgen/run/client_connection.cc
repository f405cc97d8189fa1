// SPDX-License-Identifier: MIT
#include "loadgen/run/client_connection.h"

#include <netinet/in.h>

#include <algorithm>
#include <utility>

#include "common/base/result.h"
#include "loadgen/run/failure_text.h"

namespace sqlicorn::loadgen {
namespace {

// Enough for what the server says of a failure.
constexpr std::size_t kKeptBodyBytes = 200;

// By TCP: the reset of a unix socket does not tell what came first.
bool IsThisMachine(const SocketAddress& address) {
  const auto* four = reinterpret_cast<const sockaddr_in*>(address.raw());
  const auto* six = reinterpret_cast<const sockaddr_in6*>(address.raw());
  return address.family() == AF_INET    ? ntohl(four->sin_addr.s_addr) >> 24U == IN_LOOPBACKNET
         : address.family() == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&six->sin6_addr)
                                        : false;
}

}  // namespace

ClientConnection::ClientConnection(Loop& loop, const std::vector<SocketAddress>& addresses,
                                   std::size_t kept_body_bytes, ClientListener* listener)
    : loop_(loop),
      addresses_(addresses),
      listener_(listener),
      parser_(ParserLimits(), std::max(kKeptBodyBytes, kept_body_bytes)) {}

Status ClientConnection::Open() {
  CHECK(closed());
  refused_ = 0;
  return Connect();
}

Status ClientConnection::Connect() {
  Result<std::unique_ptr<Stream>> stream = Stream::Connect(loop_, addresses_[at_], this);
  if (!stream) {
    return stream.error();
  }
  stream_ = std::move(*stream);
  if (lag_ != nullptr) {
    stream_->MeasureLag(lag_);
  }
  state_ = State::kConnecting;
  return {};
}

bool ClientConnection::TryNextAddress() {
  while (++refused_ < addresses_.size()) {
    at_ = (at_ + 1) % addresses_.size();
    if (Connect()) {
      return true;
    }
  }
  return false;
}

bool ClientConnection::CanSend(After after) {
  const bool looks = after == After::kPause || !IsThisMachine(addresses_[at_]);
  if (idle() && looks && !stream_->IsSilent()) {
    const bool unasked = stream_->HasUnread();
    Close();
    if (unasked) {
      listener_->OnUnasked();
    }
  }
  return idle();
}

bool ClientConnection::Send(std::string_view request, std::string_view method) {
  CHECK(idle());
  state_ = State::kAwaiting;
  parser_.Next();
  parser_.StartResponse(method);
  stream_->Write(request);
  if (answered_ && stream_->write_failed()) {
    Close();
    return false;
  }
  return true;
}

void ClientConnection::Close() {
  stream_.reset();
  state_ = State::kClosed;
  answered_ = false;
}

void ClientConnection::OnConnected(int errno_value) {
  if (errno_value != 0) {
    if (TryNextAddress()) {
      return;
    }
    Fail(Outcome::kConnect, SocketErrorText(errno_value));
    return;
  }
  if (stream_->HasUnread()) {
    Fail(Outcome::kUnasked, UnaskedText());  // an answer to no question of ours
    return;
  }
  state_ = State::kIdle;
  parser_.Next();
  stream_->StartReading();
  listener_->OnOpen();
}

void ClientConnection::OnData(std::string_view data) {
  if (idle()) {
    Close();
    listener_->OnUnasked();
    return;
  }
  std::size_t consumed = 0;
  switch (parser_.Execute(data, &consumed)) {
    case Feed::kNeedMore:
      return;
    case Feed::kMessage:
      if (consumed < data.size()) {
        Fail(Outcome::kUnasked, UnaskedText());
        return;
      }
      state_ = State::kIdle;
      answered_ = true;
      if (!parser_.message().keep_alive()) {
        Close();
      }
      listener_->OnAnswer(parser_.message(), parser_.body_bytes());
      return;
    case Feed::kError:
      Fail(Outcome::kNotHttp, parser_.message().status() != 0
                                  ? BadAnswerText(parser_.error().detail)
                                  : NotHttpText(data, parser_.error().detail));
  }
}

void ClientConnection::OnReadEnd(int errno_value) {
  if (idle()) {
    Close();
    return;
  }
  const bool began = !parser_.idle();
  if (errno_value != 0) {
    Fail(began ? Outcome::kResetInBody : Outcome::kReset,
         began ? BrokenAnswerText(errno_value) : SocketErrorText(errno_value));
    return;
  }
  if (!began && answered_ && stream_->WasClosedBefore()) {
    Close();
    listener_->OnNotTaken();
    return;
  }
  if (!began) {
    Fail(Outcome::kClosed, ClosedText());
    return;
  }
  if (parser_.Finish() == Feed::kMessage) {
    Close();
    listener_->OnAnswer(parser_.message(), parser_.body_bytes());
    return;
  }
  Fail(Outcome::kTruncated, TruncatedText(parser_.message(), parser_.body_bytes()));
}

void ClientConnection::Fail(Outcome outcome, const std::string& error) {
  Close();
  listener_->OnFailure(outcome, error);
}

}  // namespace sqlicorn::loadgen
