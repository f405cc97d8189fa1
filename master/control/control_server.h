// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"
#include "common/control/control_protocol.h"
#include "master/process/events.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {

// Turns the payload of a request into a framed reply.
using ControlAnswer = std::function<std::string(std::string_view request)>;

// One client of the control socket. Never blocks, and holds at most one request more than it has
// answered and one reply: while that is being written nothing is read.
class ControlSession {
 public:
  static constexpr Duration kIdle = std::chrono::seconds(300);
  // A client that takes no byte of its reply for so long is dropped.
  static constexpr Duration kWriteStall = std::chrono::seconds(10);

  // `socket` is non-blocking.
  ControlSession(UniqueFd socket, TimePoint now) : socket_(std::move(socket)), active_at_(now) {}

  void AddTo(EventWait& wait) const;

  // Reads, answers at most one request, writes: as far as it goes without blocking.
  void Serve(TimePoint now, const ControlAnswer& answer);

  // The client has left, broke the rules, or was silent for too long.
  [[nodiscard]] bool finished() const { return finished_; }

  // When Serve is to be called even if no descriptor is ready.
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  void Read(TimePoint now);
  void AnswerOne(const ControlAnswer& answer);
  void Write(TimePoint now);

  [[nodiscard]] TimePoint expires_at() const {
    return active_at_ + (output_.empty() ? kIdle : kWriteStall);
  }

  UniqueFd socket_;
  FrameReader input_{kMaxControlRequest};
  std::string output_;
  TimePoint active_at_;
  bool last_reply_ = false;  // close when it has been written
  bool finished_ = false;
};

// The control socket: takes requests of operators and hands them to whoever answers them. Lives in
// the master and its poll loop and never blocks it. Who may connect is a matter of the
// permissions of the socket file.
class ControlServer {
 public:
  static constexpr std::size_t kMaxClients = 16;

  // At the configured path with `suffix` behind it, the file given to `owner`. REQUIRES:
  // settings.control_socket is not empty.
  [[nodiscard]] static Result<ControlServer> Listen(const ServerSettings& settings,
                                                    const std::string& suffix);

  // Gives up the suffix, taking the file's place of a master that has gone.
  [[nodiscard]] Status Promote();

  // Removes the file of another server here, at the configured path with `suffix` behind it, that
  // was killed and so has left it.
  void RemoveStale(const std::string& suffix) const;

  [[nodiscard]] const std::string& path() const { return listener_.path(); }

  void AddTo(EventWait& wait, TimePoint now) const;

  // Does for every client what can be done without waiting.
  void Serve(TimePoint now, const ControlAnswer& answer);

  // When Serve is to be called even if no descriptor is ready.
  [[nodiscard]] TimePoint next_deadline() const;

  // In a forked child: closes all descriptors, so that clients see the master's end.
  void LeaveInChild();

 private:
  ControlServer(UnixListener listener, std::string final_path)
      : listener_(std::move(listener)), final_path_(std::move(final_path)) {}

  void Accept(TimePoint now);

  UnixListener listener_;
  std::string final_path_;  // without the suffix
  std::vector<ControlSession> sessions_;
  TimePoint next_accept_{};  // set when this process had no descriptor left
};

// Where the socket is: a relative path starts at $RUNTIME_DIRECTORY (the first one in it) where
// systemd has set that, else at the working directory.
[[nodiscard]] std::string ControlSocketPath(const std::string& setting,
                                            const char* runtime_directory);

}  // namespace sqlicorn
