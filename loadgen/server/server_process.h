// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/uv/child_process.h"
#include "common/uv/loop.h"
#include "common/uv/stream.h"
#include "common/uv/watchers.h"

namespace sqlicorn::loadgen {

// What happens to a server. Both calls come from the loop, the second may destroy the server.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;

  // It answers requests.
  virtual void OnServerReady() = 0;

  // It is gone. An error unless Stop was called, the server obeyed in time and said exit status 0.
  virtual void OnServerEnded(const Status& status) = 0;
};

// Asks a server that is starting, over and over, until it answers HTTP: with a status below 400,
// or, without a target, with any status to a path that no endpoint has, so that nothing is read or
// written. Sets no limit of its own.
class ServerProbe final : private StreamListener {
 public:
  // `on_answer` is called once, from the loop; it may destroy the probe.
  ServerProbe(Loop& loop, SocketAddress address, const std::string& target,
              std::function<void()> on_answer);

  void Start() { Try(); }

 private:
  void OnConnected(int errno_value) override;
  void OnData(std::string_view data) override;
  void OnReadEnd(int errno_value) override;

  void Try();
  void TryLater();

  Loop& loop_;
  SocketAddress address_;
  std::string request_;
  bool any_status_;
  std::function<void()> on_answer_;
  Timer pause_;
  std::string answer_;  // so far
  std::unique_ptr<Stream> stream_;
};

// A server under measurement, from its start to its end. Destroying it kills the server at once, so
// none is left behind.
//
//   kStarting -> kServing -> kStopping -> kEnded
//   (kStarting goes to kStopping too; an unexpected end leads from any state to kEnded)
class ServerProcess {
 public:
  struct Command {
    std::vector<std::string> argv;
    std::uint16_t port = 0;    // on 127.0.0.1
    std::string ready_target;  // must be answered with a status below 400; "" = any answer will do
    // Whoever is started is sent SIGTERM, and `kill_signal` when that was not enough; a keeper
    // makes of these what the server wants.
    int kill_signal = SIGKILL;
    int stop_signal = SIGTERM;       // that the server is sent
    bool may_end_by_signal = false;  // by the one that stops it, as programs without a handler do
    std::string log_path;            // both outputs are appended to it
    Duration start_limit = std::chrono::seconds(30);
    Duration stop_limit = std::chrono::seconds(10);  // from TERM to KILL
  };

  // `observer` outlives the server.
  ServerProcess(Loop& loop, Command command, ServerObserver* observer);
  ~ServerProcess() = default;
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] Status Start();

  // Whether Start has succeeded and OnServerEnded was not called.
  [[nodiscard]] bool running() const { return child_ != nullptr && state_ != State::kEnded; }

  // Of whoever was started, such as a keeper. REQUIRES: running().
  [[nodiscard]] pid_t pid() const { return child_->pid(); }

  // REQUIRES: running(). A second call changes nothing.
  void Stop();

 private:
  enum class State { kStarting, kServing, kStopping, kEnded };

  void OnAnswer();
  void OnLimit();
  void OnExit(ProcessExit exit);

  Loop& loop_;
  Command command_;
  ServerObserver* observer_;
  State state_ = State::kStarting;
  std::string why_;  // it had to be killed
  Timer limit_;
  std::unique_ptr<ServerProbe> probe_;
  std::unique_ptr<ChildProcess> child_;
};

// A TCP port of 127.0.0.1 that nobody listens on.
[[nodiscard]] Result<std::uint16_t> FreePort();

}  // namespace sqlicorn::loadgen
