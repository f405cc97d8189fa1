// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/server_config.h"
#include "master/control/control_session.h"
#include "master/process/events.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {

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
