// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/socket_address.h"
#include "common/http/message.h"
#include "common/uv/client_socket.h"
#include "common/uv/loop.h"
#include "common/uv/receive_lag.h"
#include "loadgen/run/parser_pool.h"
#include "loadgen/stats/sample.h"

namespace sqlicorn::loadgen {

// What becomes of Open and Send. The connection calls nothing else after such a call, so each may
// call Open or Send again.
class ClientListener {
 public:
  virtual ~ClientListener() = default;

  virtual void OnOpen() = 0;
  // `answer` is valid during the call or until Send; it has the first octets of the body.
  virtual void OnAnswer(const Message& answer, std::uint64_t body_bytes) = 0;
  // The connection is closed. `error` says why in locust's words.
  virtual void OnFailure(Outcome outcome, const std::string& error) = 0;
  // The peer had closed the connection before the request came to it. It is closed, and the request
  // may be sent again, whatever it is: nobody has read it.
  virtual void OnNotTaken() = 0;
  // Something came on an idle connection, which is closed now. Comes from the loop or from within
  // CanSend; neither Open nor Send may be called from here.
  virtual void OnUnasked() = 0;
};

// What a request follows.
enum class After { kAnswer, kPause };

// One keep-alive connection of one user: a request, its answer, the next request. Does not know
// what it sends, does not reconnect and does not look at the clock. An idle connection that the
// peer closes is just closed; one on which the peer says something is a failure, for what follows
// could not be told from an answer.
//
//   kClosed -> kConnecting -> kIdle <-> kAwaiting;  every state -> kClosed
class ClientConnection final : private StreamListener {
 public:
  // `loop`, `addresses`, `parsers` and `listener` outlive the connection.
  // `addresses` are those of one server, tried in turn until one accepts, which is kept.
  // REQUIRES: not empty.
  ClientConnection(Loop& loop, const std::vector<SocketAddress>& addresses, ParserPool& parsers,
                   ClientListener* listener);

  // From the next Open on; nullptr = not. `lag` outlives the connection.
  void MeasureLag(ReceiveLag* lag) { lag_ = lag; }

  // REQUIRES: closed(). OnOpen or OnFailure follows after this has returned, unless there was not
  // even a socket to be had, which is the error.
  [[nodiscard]] Status Open();

  // REQUIRES: idle(). One write for the whole request; `request` may change after. False when it
  // could not leave: as OnNotTaken.
  [[nodiscard]] bool Send(std::string_view request, std::string_view method);

  // Idle, and the peer has not closed meanwhile. A server may close an idle connection at any time
  // without saying so in its last answer: whoever would send then gets a failure that is nobody's
  // fault. Clients with a pool look first, so what is closed is closed here. May call OnUnasked.
  // Right after an answer from this machine nobody looks, which costs a tenth of a request: who has
  // closed by then resets what is sent at once, and that is OnNotTaken.
  [[nodiscard]] bool CanSend(After after);

  void Close();

  [[nodiscard]] bool closed() const { return state_ == State::kClosed; }

  [[nodiscard]] bool idle() const { return state_ == State::kIdle; }

 private:
  enum class State { kClosed, kConnecting, kIdle, kAwaiting };

  void OnConnected(int errno_value) override;
  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;

  [[nodiscard]] Status Connect();
  // False when there is none that was not tried.
  bool TryNextAddress();
  void Fail(Outcome outcome, const std::string& error);

  // Octets of the answer have come.
  [[nodiscard]] bool began() const { return parser_ != nullptr && !parser_->idle(); }

  void Answer();

  Loop& loop_;
  const std::vector<SocketAddress>& addresses_;
  ParserPool& parsers_;
  ClientListener* listener_;
  ReceiveLag* lag_ = nullptr;
  std::unique_ptr<ClientSocket> socket_;
  ParserPool::Parser parser_;  // from the first octets of an answer to its end
  std::uint32_t at_ = 0;       // the address in use
  std::uint32_t refused_ = 0;  // by how many since Open
  State state_ = State::kClosed;
  bool answered_ = false;    // since it is open
  bool asked_head_ = false;  // the answer has no body
};

}  // namespace sqlicorn::loadgen
