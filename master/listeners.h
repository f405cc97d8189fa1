// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"
#include "master/identity.h"
#include "master/inheritance.h"

namespace sqlicorn {

// What becomes of the files of unix sockets when the sockets are closed here.
enum class SocketFiles {
  kUnlink,
  kKeep,  // another master still listens there
};

// The listening sockets: bound by the master, inherited by every worker, closed by the master when
// it stops or this goes out of scope. Non-blocking and close-on-exec.
class Listeners {
 public:
  ~Listeners() { Close(); }

  Listeners(Listeners&&) noexcept = default;
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  Listeners& operator=(Listeners&&) = delete;

  // Binds every address or none. The files of unix sockets are given to `owner`.
  [[nodiscard]] static Result<Listeners> Bind(const ServerSettings& settings,
                                              const FileOwner& owner = {});

  // Takes over sockets that listen already: of the master we replace, or of systemd, whose socket
  // files stay its own.
  [[nodiscard]] static Listeners Adopt(const Inheritance& inheritance);

  [[nodiscard]] std::vector<int> fds() const;
  // As in the log: "http://127.0.0.1:8000,unix:/run/s.sock"; shows the port the kernel chose for 0.
  [[nodiscard]] std::string ToString() const;

  // Files are unlinked only if they are still those we bound.
  void Close(SocketFiles files = SocketFiles::kUnlink);

 private:
  struct FileId {
    dev_t device = 0;
    ino_t inode = 0;  // 0 = no file of ours

    bool operator==(const FileId&) const = default;
    [[nodiscard]] static FileId Of(const std::string& path);
  };

  struct Listener {
    UniqueFd fd;
    std::string name;
    FileId file = {};  // of a unix socket that is ours to unlink
  };

  Listeners() = default;

  std::vector<Listener> listeners_;
};

}  // namespace sqlicorn
