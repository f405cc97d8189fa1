// SPDX-License-Identifier: MIT
#include "common/uv/stream.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <uv.h>

#include "common/base/result.h"
#include "common/uv/loop.h"

namespace sqlicorn {
namespace {

// A write owns its bytes and itself until its callback.
struct WriteRequest {
  uv_write_t request;
  std::string head;
  std::string body;

  // What was never written of the capacity of a string takes no memory worth counting.
  [[nodiscard]] std::size_t memory() const { return head.size() + body.size(); }
};

uv_buf_t BufferOf(std::string_view bytes) {
  return uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
}

// libuv knows a socket by the handle's type, TCP or pipe (which includes unix sockets).
Handle<uv_stream_s> OpenHandle(Loop& loop, int family, int fd) {
  if (family == AF_UNIX) {
    auto pipe = MakeHandle<uv_pipe_t>(nullptr, [&](uv_pipe_t* p) {
      uv_pipe_init(loop.raw(), p, 0);
      CHECK(uv_pipe_open(p, fd) == 0);
    });
    return Handle<uv_stream_s>(reinterpret_cast<uv_stream_t*>(pipe.release()));
  }
  auto tcp = MakeHandle<uv_tcp_t>(nullptr, [&](uv_tcp_t* t) {
    uv_tcp_init(loop.raw(), t);
    CHECK(uv_tcp_open(t, fd) == 0);
    uv_tcp_nodelay(t, 1);
  });
  return Handle<uv_stream_s>(reinterpret_cast<uv_stream_t*>(tcp.release()));
}

int FamilyOf(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return address.ss_family;
}

}  // namespace

Stream::Stream(Loop& loop, int family, UniqueFd fd, StreamListener* listener)
    : loop_(loop),
      fd_(fd.get()),
      stream_(OpenHandle(loop, family, fd.Release())),
      listener_(listener) {
  stream_->data = this;
}

Stream::~Stream() = default;

std::unique_ptr<Stream> Stream::Adopt(Loop& loop, UniqueFd fd, StreamListener* listener) {
  const int family = FamilyOf(fd.get());
  return std::unique_ptr<Stream>(new Stream(loop, family, std::move(fd), listener));
}

Result<std::unique_ptr<Stream>> Stream::Connect(Loop& loop, const SocketAddress& address,
                                                StreamListener* listener) {
  UniqueFd fd(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  const bool is_unix = address.family() == AF_UNIX;
  std::unique_ptr<Stream> stream(new Stream(loop, address.family(), std::move(fd), listener));
  auto* request = new uv_connect_t;
  const auto on_connect = [](uv_connect_t* done, int uv_error) noexcept {
    auto* self = static_cast<Stream*>(done->handle->data);
    delete done;
    if (self != nullptr) {
      self->listener_->OnConnected(-uv_error);
    }
  };
  if (is_unix) {
    uv_pipe_connect(request, reinterpret_cast<uv_pipe_t*>(stream->stream_.get()),
                    address.unix_path().c_str(), on_connect);
    return stream;
  }
  const int error = uv_tcp_connect(request, reinterpret_cast<uv_tcp_t*>(stream->stream_.get()),
                                   address.raw(), on_connect);
  if (error != 0) {
    delete request;
    return SystemError("connect", -error);
  }
  return stream;
}

void Stream::StartReading() {
  const auto on_alloc = [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) noexcept {
    auto* self = static_cast<Stream*>(handle->data);
    // Without a buffer libuv is done with this stream for this round (UV_ENOBUFS); what is unread
    // is readable again in the next one.
    if (self == nullptr || std::exchange(self->filled_, false)) {
      *buffer = uv_buf_init(nullptr, 0);
      return;
    }
    std::vector<char>& shared = self->loop_.read_buffer();
    *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
  };
  const auto on_read = [](uv_stream_t* handle, ssize_t count, const uv_buf_t* buffer) noexcept {
    auto* self = static_cast<Stream*>(handle->data);
    if (self == nullptr || count == 0 || count == UV_ENOBUFS) {
      return;
    }
    if (count > 0) {
      self->filled_ = static_cast<std::size_t>(count) == buffer->len;  // libuv would read on
      self->listener_->OnData({buffer->base, static_cast<std::size_t>(count)});
      return;
    }
    self->EndReading(count == UV_EOF ? 0 : static_cast<int>(count));
  };
  uv_read_start(stream_.get(), on_alloc, on_read);
}

void Stream::StopReading() {
  uv_read_stop(stream_.get());
}

bool Stream::HasUnread() const {
  int octets = 0;
  return ioctl(fd_, FIONREAD, &octets) == 0 && octets > 0;
}

bool Stream::IsReset() const {
  pollfd broken{fd_, 0, 0};  // an error and the end of both directions are told unasked
  return poll(&broken, 1, 0) == 1 && (broken.revents & (POLLERR | POLLHUP)) != 0;
}

void Stream::Write(std::string_view bytes) {
  Write(bytes, {});
}

void Stream::Write(std::string_view head, std::string&& body) {
  if (write_failed_) {
    return;
  }
  const std::size_t sent = queued_bytes() == 0 ? TryWrite(head, body) : 0;
  const std::size_t sent_of_head = std::min(sent, head.size());
  if (sent < head.size() + body.size()) {
    Enqueue(head.substr(sent_of_head), std::move(body), sent - sent_of_head);
  }
}

std::size_t Stream::TryWrite(std::string_view head, std::string_view body) {
  const std::array<uv_buf_t, 2> buffers = {BufferOf(head), BufferOf(body)};
  const int written = uv_try_write(stream_.get(), buffers.data(), body.empty() ? 1 : 2);
  write_failed_ = written < 0 && written != UV_EAGAIN;
  return static_cast<std::size_t>(std::max(written, 0));
}

void Stream::Enqueue(std::string_view head, std::string&& body, std::size_t offset) {
  auto* request = new WriteRequest{{}, std::string(head), std::move(body)};
  request->request.data = request;
  queued_memory_ += request->memory();
  const std::array<uv_buf_t, 2> buffers = {
      BufferOf(request->head), BufferOf(std::string_view(request->body).substr(offset))};
  const int error =
      uv_write(&request->request, stream_.get(), buffers.data(), request->body.empty() ? 1 : 2,
               [](uv_write_t* done, int uv_error) noexcept {
                 auto* self = static_cast<Stream*>(done->handle->data);
                 auto* ended = static_cast<WriteRequest*>(done->data);
                 const std::size_t bytes = ended->memory();
                 delete ended;
                 if (self != nullptr) {
                   self->ReportWriteEnd(bytes, uv_error);
                 }
               });
  if (error != 0) {
    queued_memory_ -= request->memory();
    delete request;
  }
}

void Stream::ReportWriteEnd(std::size_t bytes, int uv_error) {
  queued_memory_ -= bytes;
  if (uv_error == 0 && queued_bytes() == 0) {
    listener_->OnDrained();
  } else if (uv_error != 0 && uv_error != UV_ECANCELED) {
    // Whoever waits for the queue to drain does not read, and would never hear of the break.
    write_failed_ = true;
    EndReading(uv_error);
  }
}

void Stream::EndReading(int uv_error) {
  uv_read_stop(stream_.get());
  if (!broken_) {
    broken_ = uv_error != 0;
    listener_->OnReadEnd(-uv_error);
  }
}

std::size_t Stream::queued_bytes() const {
  return uv_stream_get_write_queue_size(stream_.get());
}

std::size_t Stream::untaken_bytes() const {
  int octets = 0;
  const bool told = ioctl(fd_, SIOCOUTQ, &octets) == 0 && octets > 0;
  return queued_bytes() + (told ? static_cast<std::size_t>(octets) : 0);
}

void Stream::SetClose(Close close) {
  const linger at_once{close == Close::kReset ? 1 : 0, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

void Stream::ShutdownWrite() {
  auto* request = new uv_shutdown_t;
  const int error =
      uv_shutdown(request, stream_.get(), [](uv_shutdown_t* done, int) noexcept { delete done; });
  if (error != 0) {
    delete request;
  }
}

}  // namespace sqlicorn
