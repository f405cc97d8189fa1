// SPDX-License-Identifier: MIT
#include "loadgen/server/port_holder.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/base/directory.h"
#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "loadgen/server/server_costs.h"

namespace sqlicorn::loadgen {
namespace {

// As a server would, over connections that have ended and linger.
bool IsTaken(std::uint16_t port) {
  const Result<SocketAddress> address = SocketAddress::Ip("127.0.0.1", port);
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  return address && fd && setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
         bind(fd.get(), address->raw(), address->length()) != 0 && errno == EADDRINUSE;
}

bool HasSocket(pid_t process, std::uint64_t inode) {
  const std::string wanted = fmt::format("socket:[{}]", inode);
  const std::string folder = fmt::format("/proc/{}/fd", process);
  const std::vector<std::string> fds = NamesIn(folder);
  return std::any_of(fds.begin(), fds.end(), [&](const std::string& fd) {
    std::error_code gone;
    return std::filesystem::read_symlink(folder + "/" + fd, gone) == wanted;
  });
}

// None where it is another user's, whose descriptors cannot be seen.
std::optional<pid_t> OwnerOf(std::uint64_t inode) {
  for (const std::string& name : NamesIn("/proc")) {
    const auto pid = ParseWhole<pid_t>(name);
    if (pid && HasSocket(*pid, inode)) {
      return pid;
    }
  }
  return std::nullopt;
}

std::string HolderOf(std::uint16_t port) {
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const Result<std::string> table = ReadFile(path);
    const auto inode = table ? ListenerInode(*table, port) : std::nullopt;
    const auto pid = inode ? OwnerOf(*inode) : std::nullopt;
    if (pid) {
      return ProcessName(*pid);
    }
  }
  return "a process that cannot be seen";
}

}  // namespace

Status CheckPortFree(std::uint16_t port) {
  if (port == 0 || !IsTaken(port)) {
    return {};
  }
  return Error{fmt::format("port {} is taken already, by {}", port, HolderOf(port))};
}

// "  0: 0100007F:1F90 00000000:0000 0A …": number, address:port, peer, state, three more, uid,
// timeout, inode.
std::optional<std::uint64_t> ListenerInode(std::string_view table, std::uint16_t port) {
  constexpr int kBetween = 5;  // words between state and inode
  const std::string end = fmt::format(":{:04X}", port);
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string local;
    std::string peer;
    std::string state;
    std::string skipped;
    words >> number >> local >> peer >> state;
    for (int i = 0; i < kBetween; ++i) {
      words >> skipped;
    }
    std::uint64_t inode = 0;
    if (state == "0A" && local.ends_with(end) && words >> inode) {
      return inode;
    }
  }
  return std::nullopt;
}

}  // namespace sqlicorn::loadgen
