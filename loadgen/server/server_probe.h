// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/socket_address.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "common/uv/timer.h"

namespace sqlicorn::loadgen {

// Asks a server that is starting, over and over, until it answers HTTP, whatever the status. The
// path is one that no endpoint has, so nothing is read or written. Sets no limit of its own.
class ServerProbe final : private StreamListener {
 public:
  // `on_answer` is called once, from the loop; it may destroy the probe.
  ServerProbe(Loop& loop, SocketAddress address, std::function<void()> on_answer);

  void Start() { Try(); }

 private:
  void OnConnected(int errno_value) override;
  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;

  void Try();
  void TryLater();

  Loop& loop_;
  SocketAddress address_;
  std::function<void()> on_answer_;
  Timer pause_;
  std::string answer_;  // so far
  std::unique_ptr<Stream> stream_;
};

}  // namespace sqlicorn::loadgen
