// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/uv/loop.h"

struct uv_stream_s;

namespace sqlicorn {

// What a stream tells its owner. Any of these calls may destroy the stream.
class StreamListener {
 public:
  virtual ~StreamListener() = default;

  // `data` is valid during the call.
  virtual void OnData(std::string_view data) = 0;
  // The peer will send no more (errno_value 0), or the stream broke, which may follow after the
  // former and comes once. Nothing is read after this; after EOF it can still be written.
  virtual void OnReadEnd(int errno_value) = 0;

  // All bytes given to Write have left for the kernel.
  virtual void OnDrained() {}

  // The answer to Connect; 0 is success.
  virtual void OnConnected(int /*errno_value*/) {}
};

// A connected TCP or unix stream on a loop, without a word about what it carries. Write never
// blocks; what the kernel does not take is queued, and the owner watches queued_bytes to stop
// producing.
class Stream {
 public:
  // Adopts a connected socket, TCP with NODELAY. `listener` must outlive the stream.
  [[nodiscard]] static std::unique_ptr<Stream> Adopt(Loop& loop, UniqueFd fd,
                                                     StreamListener* listener);

  // A new TCP or unix socket on its way to `address`; OnConnected tells the outcome, never before
  // this returns.
  [[nodiscard]] static Result<std::unique_ptr<Stream>> Connect(Loop& loop,
                                                               const SocketAddress& address,
                                                               StreamListener* listener);

  // Closes at once; queued bytes are lost.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // At most one read a round of the loop: a peer that sends without end leaves it to others too.
  void StartReading();
  void StopReading();

  // The peer has sent what OnData has not told yet.
  [[nodiscard]] bool HasUnread() const;

  // The peer will not read either: it has reset the connection, or closed a unix socket for good.
  // Tells without reading what a stream that does not read would never hear.
  [[nodiscard]] bool IsReset() const;

  // Gives `bytes` to the kernel, copying only what it does not take now. A broken stream swallows
  // them; OnReadEnd reports the break.
  void Write(std::string_view bytes);
  // A head and its body by one write. What the kernel does not take now of the body is not copied
  // either: the stream takes `body` then, and leaves it as it is when all has gone.
  void Write(std::string_view head, std::string&& body);
  [[nodiscard]] std::size_t queued_bytes() const;

  // Memory of what is queued: all of a write until the last of its octets has left.
  [[nodiscard]] std::size_t queued_memory() const { return queued_memory_; }

  // A write has failed, and OnReadEnd is on its way.
  [[nodiscard]] bool write_failed() const { return write_failed_; }

  // What its close says to the peer, whoever closes it: also the end of the process.
  enum class Close {
    kOrderly,  // FIN, behind what the kernel has
    kReset,    // RST, so that nobody takes it for an orderly end; a unix socket has none
  };

  void SetClose(Close close);

  // What the peer has yet to take, here and in the kernel, which makes room for what is queued here
  // only when the peer has taken much of what is there.
  [[nodiscard]] std::size_t untaken_bytes() const;

  // Sends FIN once everything is written; reading goes on.
  void ShutdownWrite();

 private:
  Stream(Loop& loop, int family, UniqueFd fd, StreamListener* listener);

  // How many octets the kernel takes at once.
  std::size_t TryWrite(std::string_view head, std::string_view body);
  // `offset`: of the first octet of the body that has not gone yet.
  void Enqueue(std::string_view head, std::string&& body, std::size_t offset);
  void ReportWriteEnd(std::size_t bytes, int uv_error);
  void EndReading(int uv_error);

  Loop& loop_;
  int fd_;  // the handle's
  Handle<uv_stream_s> stream_;
  StreamListener* listener_;
  std::size_t queued_memory_ = 0;
  bool filled_ = false;        // the read buffer: the next read is the next round's
  bool write_failed_ = false;  // maybe not yet reported
  bool broken_ = false;        // and reported
};

}  // namespace sqlicorn
