// SPDX-License-Identifier: MIT
#include "loadgen/run/client_connection.h"

#include <netinet/in.h>

#include <utility>

#include "common/base/result.h"
#include "loadgen/run/failure_text.h"

namespace sqlicorn::loadgen {
namespace {

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
                                   ParserPool& parsers, ClientListener* listener)
    : loop_(loop), addresses_(addresses), parsers_(parsers), listener_(listener) {}

Status ClientConnection::Open() {
  CHECK(closed());
  refused_ = 0;
  return Connect();
}

Status ClientConnection::Connect() {
  Result<std::unique_ptr<ClientSocket>> socket =
      ClientSocket::Connect(loop_, addresses_[at_], this);
  if (!socket) {
    return socket.error();
  }
  socket_ = std::move(*socket);
  if (lag_ != nullptr) {
    socket_->MeasureLag(lag_);
  }
  state_ = State::kConnecting;
  return {};
}

bool ClientConnection::TryNextAddress() {
  while (++refused_ < addresses_.size()) {
    at_ = (at_ + 1) % static_cast<std::uint32_t>(addresses_.size());
    if (Connect()) {
      return true;
    }
  }
  return false;
}

bool ClientConnection::CanSend(After after) {
  const bool looks = after == After::kPause || !IsThisMachine(addresses_[at_]);
  if (idle() && looks && !socket_->IsSilent()) {
    const bool unasked = socket_->HasUnread();
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
  asked_head_ = method == "HEAD";
  socket_->Write(request);
  if (answered_ && socket_->write_failed()) {
    Close();
    return false;
  }
  return true;
}

void ClientConnection::Close() {
  socket_.reset();
  parser_.reset();
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
  if (socket_->HasUnread()) {
    Fail(Outcome::kUnasked, UnaskedText());  // an answer to no question of ours
    return;
  }
  state_ = State::kIdle;
  socket_->StartReading();
  listener_->OnOpen();
}

void ClientConnection::OnData(std::string_view data) {
  if (idle()) {
    Close();
    listener_->OnUnasked();
    return;
  }
  if (parser_ == nullptr) {
    parser_ = parsers_.Borrow();
    parser_->StartResponse(asked_head_ ? "HEAD" : "");
  }
  std::size_t consumed = 0;
  switch (parser_->Execute(data, &consumed)) {
    case Feed::kNeedMore:
      return;
    case Feed::kMessage:
      if (consumed < data.size()) {
        Fail(Outcome::kUnasked, UnaskedText());
        return;
      }
      Answer();
      return;
    case Feed::kError:
      Fail(Outcome::kNotHttp, parser_->message().status() != 0
                                  ? BadAnswerText(parser_->error().detail)
                                  : NotHttpText(data, parser_->error().detail));
  }
}

// The parser is given back when the listener has seen the answer, whose last octets it has.
void ClientConnection::Answer() {
  const ParserPool::Parser parser = std::move(parser_);
  state_ = State::kIdle;
  answered_ = true;
  if (!parser->message().keep_alive()) {
    Close();
  }
  listener_->OnAnswer(parser->message(), parser->body_bytes());
}

void ClientConnection::OnReadEnd(int errno_value) {
  if (idle()) {
    Close();
    return;
  }
  if (errno_value != 0) {
    Fail(began() ? Outcome::kResetInBody : Outcome::kReset,
         began() ? BrokenAnswerText(errno_value) : SocketErrorText(errno_value));
    return;
  }
  if (!began() && answered_ && socket_->WasClosedBefore()) {
    Close();
    listener_->OnNotTaken();
    return;
  }
  if (!began()) {
    Fail(Outcome::kClosed, ClosedText());
    return;
  }
  if (parser_->Finish() == Feed::kMessage) {
    Answer();
    return;
  }
  Fail(Outcome::kTruncated, TruncatedText(parser_->message(), parser_->body_bytes()));
}

void ClientConnection::Fail(Outcome outcome, const std::string& error) {
  Close();
  listener_->OnFailure(outcome, error);
}

}  // namespace sqlicorn::loadgen
