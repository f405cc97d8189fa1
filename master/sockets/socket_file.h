// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "master/process/identity.h"

namespace sqlicorn {

// Who may do what with the file of a unix socket.
struct SocketFileRights {
  mode_t mode = 0777;
  FileOwner owner = {};
};

// Removes the file of a unix socket whose owner is gone. 0 when the path is free now, EADDRINUSE
// when a process listens there, ENOTSOCK when something else than a socket is there, or another
// errno.
int RemoveStaleSocket(const SocketAddress& address);

// Binds a unix socket and gives its file away. Takes the place of a file whose owner is gone. The
// file has the permissions `mode` from its first moment, whatever the umask. 0, EADDRINUSE when a
// process listens there, ENOTSOCK when something else than a socket is there, or another errno:
// then there is no file of ours.
[[nodiscard]] int BindSocketFile(int fd, const SocketAddress& address,
                                 const SocketFileRights& rights);

// The file of a unix socket of ours. Its death unlinks the file if it is still the same one; a
// forked child leaves by _exit.
class SocketFile {
 public:
  SocketFile() = default;  // no file
  // What stands at `path` is ours from now on.
  explicit SocketFile(std::string path);

  ~SocketFile() { Unlink(); }

  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&& other) noexcept;
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

  // Moves it over what may stand at `path`.
  [[nodiscard]] Status Rename(const std::string& path);

  // It belongs to another process now.
  void Disown() { inode_ = 0; }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void Unlink();

  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;  // 0 = no file of ours
};

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
