// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {

// A listening unix stream socket and its file, which goes with it if it is still ours. Non-blocking
// and close-on-exec. Only in the process that made it: a forked child leaves by _exit.
class UnixListener {
 public:
  // Takes the place of a socket file whose owner is gone. An error when a living process listens at
  // `path` or when something else than a socket is there. The file has exactly the permissions
  // of `rights`, at no moment more.
  [[nodiscard]] static Result<UnixListener> Listen(const std::string& path,
                                                   const SocketFileRights& rights);

  // Moves the file over what may stand at `path`.
  [[nodiscard]] Status Rename(const std::string& path) { return file_.Rename(path); }

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] const std::string& path() const { return file_.path(); }

  // In a forked child: closes the descriptor and leaves the file alone.
  void LeaveInChild() {
    file_.Disown();
    fd_.Reset();
  }

 private:
  UnixListener(SocketFile file, UniqueFd fd) : file_(std::move(file)), fd_(std::move(fd)) {}

  SocketFile file_;
  UniqueFd fd_;
};

}  // namespace sqlicorn
