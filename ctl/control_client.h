// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/control/control_protocol.h"

namespace sqlicorn {

// A connection to the control socket of a running master. Blocking; no call outlasts its timeout.
class ControlClient {
 public:
  static constexpr Duration kTimeout = std::chrono::seconds(10);

  // Errors name the path and, where nobody listens, the way out.
  [[nodiscard]] static Result<ControlClient> Connect(const std::string& path,
                                                     Duration timeout = kTimeout);

  // From now on no call waits longer for the other side. REQUIRES: timeout > 0.
  void SetTimeout(Duration timeout);

  // The payload of the reply to a command.
  [[nodiscard]] Result<std::string> Ask(const std::vector<std::string>& words);

  // The data of the reply, or the error it tells.
  [[nodiscard]] ControlOutcome AskForData(const std::vector<std::string>& words);

 private:
  explicit ControlClient(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

// The socket to use when none is named: $SQLICORN_CONTROL_SOCKET, else the first that exists of
// ./sqlicorn.ctl, $RUNTIME_DIRECTORY/sqlicorn.ctl and /run/sqlicorn/sqlicorn.ctl, else the last.
[[nodiscard]] std::string DefaultControlSocket(
    const std::function<const char*(const char*)>& getenv);

}  // namespace sqlicorn
