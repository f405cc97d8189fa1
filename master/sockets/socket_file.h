// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/result.h"
#include "common/base/socket_address.h"
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

}  // namespace sqlicorn
