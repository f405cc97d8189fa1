// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"
#include "master/sockets/inheritance.h"
#include "master/sockets/socket_file.h"

namespace sqlicorn {

// What becomes of the files of unix sockets when the sockets are closed here.
enum class SocketFiles {
  kUnlink,
  kKeep,  // another master still listens there
};

// Asked when an address cannot be had now but perhaps a moment later, with a line that says why.
// True = try again, after whatever wait.
using BindRetry = std::function<bool(std::string_view obstacle)>;

// The listening sockets: bound by the master, inherited by every worker, closed by the master when
// it stops or this goes out of scope. Non-blocking and close-on-exec. One socket per address, with
// reuse_port too: all workers accept from it, so no connection waits at a worker that dies.
class Listeners {
 public:
  ~Listeners() = default;
  Listeners(Listeners&&) noexcept = default;
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  Listeners& operator=(Listeners&&) = delete;

  // Binds every address or none. The files of unix sockets are given to `owner`.
  [[nodiscard]] static Result<Listeners> Bind(const ServerSettings& settings,
                                              const FileOwner& owner = {},
                                              const BindRetry& retry = {});

  // The same, but what `former` has at an address already is shared and not bound anew. An address
  // that overlaps one of `former`, as 0.0.0.0:80 does 127.0.0.1:80, is bound beside it.
  [[nodiscard]] static Result<Listeners> Rebind(const ServerSettings& settings,
                                                const FileOwner& owner, const Listeners& former,
                                                const BindRetry& retry = {});

  // Takes over sockets that listen already: of the master we replace, or of someone else, whose
  // socket files stay its own.
  [[nodiscard]] static Listeners Adopt(const Inheritance& inheritance);

  // Of someone outside: they cannot be bound anew.
  [[nodiscard]] bool from_outside() const { return from_outside_; }

  [[nodiscard]] std::vector<int> fds() const;
  // As in the log: "http://127.0.0.1:8000,unix:/run/s.sock"; shows the port the kernel chose for 0.
  [[nodiscard]] std::string ToString() const;

  // Of sockets that listen already, unless they are from outside.
  void SetBacklog(std::int64_t backlog);

  // Sockets that others share stay open. Files are unlinked only if they are still those we bound.
  void Close(SocketFiles files = SocketFiles::kUnlink);

 private:
  struct Socket {
    SocketAddress address;
    UniqueFd fd;
    SocketFile file = {};  // of a unix socket that is ours to unlink
  };

  Listeners() = default;

  // How to listen.
  struct Manner {
    const ServerSettings& settings;
    const FileOwner& owner;
    std::vector<int> beside = {};  // sockets of ours that overlap the address
  };

  // 0 or an errno.
  [[nodiscard]] static int Open(Socket& socket, const Manner& manner);
  [[nodiscard]] static Result<std::shared_ptr<Socket>> OpenPatiently(const SocketAddress& address,
                                                                     const Manner& manner,
                                                                     const BindRetry& retry);
  // One that listens at `address`, whatever its port where that leaves it to the kernel.
  [[nodiscard]] std::shared_ptr<Socket> Find(const SocketAddress& address) const;

  [[nodiscard]] std::vector<int> Overlapping(const SocketAddress& address) const;

  std::vector<std::shared_ptr<Socket>> sockets_;  // shared by two generations during a reload
  bool from_outside_ = false;
};

}  // namespace sqlicorn
