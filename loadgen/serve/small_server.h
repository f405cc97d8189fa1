// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/http/message.h"
#include "common/http/request_parser.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// A listening TCP socket that does not block. Port 0 is any free one.
[[nodiscard]] Result<UniqueFd> ListenAt(const SocketAddress& address);

struct SmallAnswer {
  enum class Then {
    kKeep,   // the connection waits for the next request
    kStream  // the answer has no end: what Publish gives follows `body`
  };

  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Then then = Then::kKeep;
};

// A small HTTP server on a loop of the generator, which answers from memory: the live page of a
// run, and the server that the selftest mistreats. Every answer forbids caches, other origins and,
// but for the page's own lines, scripts. Knows no file, no TLS, and no more than 64 connections.
class SmallServer {
 public:
  using Handler = std::function<SmallAnswer(const Message& request)>;

  // `listener` listens and does not block; `loop` outlives the server.
  SmallServer(Loop& loop, UniqueFd listener, Handler handler);
  ~SmallServer();
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  // To all whose answer is a stream. Who has not taken a megabyte of it by now is hung up on.
  void Publish(std::string_view octets);

  // How many of those there are.
  [[nodiscard]] std::size_t listeners() const;

 private:
  class Client;

  void Accept();
  void Drop(const Client* client);

  Loop& loop_;
  UniqueFd listener_;
  Handler handler_;
  std::list<std::unique_ptr<Client>> clients_;
  PollWatcher watcher_;
};

}  // namespace sqlicorn::loadgen
