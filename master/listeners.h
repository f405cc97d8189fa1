// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// The listening sockets: bound by the master, inherited by every worker, closed by the master when
// it stops or this goes out of scope. Non-blocking and close-on-exec.
class Listeners {
 public:
  ~Listeners() { Close(); }

  Listeners(Listeners&&) noexcept = default;
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  Listeners& operator=(Listeners&&) = delete;

  // Binds every address or none.
  [[nodiscard]] static Result<Listeners> Bind(const ServerSettings& settings);

  [[nodiscard]] std::vector<int> fds() const;
  // As in the log: "http://127.0.0.1:8000,unix:/run/s.sock"; shows the port the kernel chose for 0.
  [[nodiscard]] std::string ToString() const;

  // Also unlinks the files of unix sockets.
  void Close();

 private:
  struct Listener {
    UniqueFd fd;
    std::string name;
  };

  Listeners() = default;

  std::vector<Listener> listeners_;
};

}  // namespace sqlicorn
