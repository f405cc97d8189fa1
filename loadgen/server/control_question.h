// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/control/control_protocol.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// One command to the control socket of a server under measurement, on the caller's loop. Gives up
// after a few seconds.
class ControlQuestion final : private StreamListener {
 public:
  // `command` is two words, such as "show stats". `on_end` is called once, from the loop, with the
  // JSON text of the reply, which may be one that refuses; it may destroy this object.
  ControlQuestion(Loop& loop, const SocketAddress& socket, const std::string& command,
                  std::function<void(const Result<std::string>&)> on_end);
  ~ControlQuestion() override = default;
  ControlQuestion(const ControlQuestion&) = delete;
  ControlQuestion& operator=(const ControlQuestion&) = delete;

  void Start();

 private:
  void OnConnected(int errno_value) override;
  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;

  void End(const Result<std::string>& reply);

  Loop& loop_;
  SocketAddress socket_;
  std::string request_;
  std::function<void(const Result<std::string>&)> on_end_;
  Timer limit_;
  FrameReader reply_{kMaxControlReply};
  std::unique_ptr<Stream> stream_;
};

}  // namespace sqlicorn::loadgen
