// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "master/socket_file.h"

namespace sqlicorn {

// A listening unix stream socket and its file. Non-blocking and close-on-exec.
class UnixListener {
 public:
  // Takes the place of a socket file whose owner is gone. An error when a living process listens at
  // `path` or when something else than a socket is there. The file has exactly the permissions
  // of `rights`, at no moment more.
  [[nodiscard]] static Result<UnixListener> Listen(const std::string& path,
                                                   const SocketFileRights& rights);

  // Moves the file over what may stand at `path`.
  [[nodiscard]] Status Rename(const std::string& path);

  // Unlinks the file if it is still ours. Only in the process that made it: a forked child leaves
  // by _exit.
  ~UnixListener();
  UnixListener(UnixListener&&) noexcept = default;
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;
  UnixListener& operator=(UnixListener&&) = delete;

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] const std::string& path() const { return path_; }

  // In a forked child: closes the descriptor and leaves the file alone.
  void LeaveInChild() { fd_.Reset(); }

 private:
  UnixListener(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace sqlicorn
