// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"

struct uv_poll_s;

namespace sqlicorn {

class ReceiveLag;

// The end of a client that asks, is answered and asks again, TCP or unix, on a loop: what a Stream
// is to a server. It costs less, as a load generator wants it: send and recv without libuv's
// streams in between, which is half a microsecond of a request's eight, and half the memory. What
// is told of a listener's calls there holds here.
//
//   kConnecting -> kOpen -> kEnded, when the end was told
class ClientSocket {
 public:
  // A new socket on its way to `address`; OnConnected tells the outcome, never before this returns.
  // `listener` outlives the socket.
  [[nodiscard]] static Result<std::unique_ptr<ClientSocket>> Connect(Loop& loop,
                                                                     const SocketAddress& address,
                                                                     StreamListener* listener);

  // Closes at once; what was not sent is lost.
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  // REQUIRES: it is connected. At most one read a round of the loop.
  void StartReading();

  // Looks how long answers lie in the kernel. `lag` outlives the socket.
  void MeasureLag(ReceiveLag* lag) { lag_ = lag; }

  // The peer has sent what OnData has not told yet.
  [[nodiscard]] bool HasUnread() const;

  // The peer had closed before what was written last came to it, and has not read it: its FIN was
  // here before the reset that our octets were answered with. To be asked once, when the end was
  // told; between two machines the reset may still be on its way then.
  [[nodiscard]] bool WasClosedBefore() const;

  // The peer has sent nothing that OnData and OnReadEnd have not told yet, neither octets nor FIN
  // nor RST: looks at the socket itself, so that it knows before the loop does.
  [[nodiscard]] bool IsSilent() const;

  // Sends a request, copying only what the kernel does not take now. A broken connection swallows
  // it; OnReadEnd reports the break.
  void Write(std::string_view request);

  // A write has failed, and OnReadEnd is on its way.
  [[nodiscard]] bool write_failed() const { return write_failed_; }

 private:
  enum class State : std::uint8_t { kConnecting, kOpen, kEnded };

  ClientSocket(Loop& loop, UniqueFd fd, StreamListener* listener);

  // From now on until it is told otherwise.
  void Watch();
  void OnReady(bool writable);
  void FinishConnecting();
  void Read();
  // Nothing of what is unsent, or errno.
  void Flush();
  void End(int errno_value);
  // How many octets the kernel takes at once.
  std::size_t Send(std::string_view octets);

  Loop& loop_;
  UniqueFd fd_;
  Handle<uv_poll_s> poll_;
  StreamListener* listener_;
  ReceiveLag* lag_ = nullptr;
  std::unique_ptr<std::string> unsent_;
  int connect_error_ = 0;  // known before the loop tells
  State state_ = State::kConnecting;
  bool write_failed_ = false;
  bool is_looked_at_ = false;  // the answer that comes next
};

}  // namespace sqlicorn
