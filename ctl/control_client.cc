// SPDX-License-Identifier: MIT
#include "ctl/control_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/socket_address.h"

namespace sqlicorn {
namespace {

constexpr const char* kFileName = "sqlicorn.ctl";
constexpr const char* kSystemDirectory = "/run/sqlicorn";

Error ConnectError(const std::string& path, int errno_value) {
  const std::string what = fmt::format("cannot connect to the control socket '{}'", path);
  switch (errno_value) {
    case ENOENT:
      return Error{what + ": there is none; is server.control_socket set? Name it with -s"};
    case ECONNREFUSED:
      return Error{what + ": no server listens there"};
    default:
      return SystemError(what, errno_value);
  }
}

Error LostError(int errno_value) {
  return errno_value == EAGAIN ? Error{"the server does not answer"}
                               : SystemError("the connection to the server is lost", errno_value);
}

// An error instead of waiting for ever.
void LimitWaits(int fd, Duration timeout) {
  const auto us = timeout / std::chrono::microseconds(1);
  timeval limit{};
  limit.tv_sec = us / 1000000;
  limit.tv_usec = us % 1000000;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

Status SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      // A server that refuses a client says why before it closes.
      return errno == EPIPE ? Status() : Status(LostError(errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

}  // namespace

std::string DefaultControlSocket(const std::function<const char*(const char*)>& getenv) {
  const char* named = getenv("SQLICORN_CONTROL_SOCKET");
  if (named != nullptr && *named != '\0') {
    return named;
  }
  const char* variable = getenv("RUNTIME_DIRECTORY");
  const std::string_view directories = variable == nullptr ? "" : variable;
  const std::string runtime(directories.substr(0, directories.find(':')));
  if (access(kFileName, F_OK) == 0) {
    return kFileName;
  }
  if (std::string path = ResolvePath(runtime, kFileName);
      !runtime.empty() && access(path.c_str(), F_OK) == 0) {
    return path;
  }
  return ResolvePath(kSystemDirectory, kFileName);
}

Result<ControlClient> ControlClient::Connect(const std::string& path, Duration timeout) {
  const auto address = SocketAddress::Unix(path);
  if (!address) {
    return address.error();
  }
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  LimitWaits(fd.get(), timeout);
  if (connect(fd.get(), address->raw(), address->length()) != 0) {
    return ConnectError(path, errno);
  }
  return ControlClient(std::move(fd));
}

void ControlClient::SetTimeout(Duration timeout) {
  LimitWaits(fd_.get(), timeout);
}

Result<std::string> ControlClient::Ask(const std::vector<std::string>& words) {
  if (const Status sent = SendAll(fd_.get(), EncodeControlRequest(words)); !sent) {
    return sent.error();
  }
  FrameReader reply(kMaxControlReply);
  while (reply.state() == FrameReader::State::kIncomplete) {
    std::array<char, 16384> chunk;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const ssize_t got = recv(fd_.get(), chunk.data(), chunk.size(), 0);
    if (got < 0) {
      return LostError(errno);
    }
    if (got == 0) {
      return Error{"the server has closed the connection without an answer"};
    }
    reply.Feed({chunk.data(), static_cast<std::size_t>(got)});
  }
  if (reply.state() == FrameReader::State::kTooLong) {
    return Error{"the answer is not one of sqlicorn's control socket"};
  }
  return reply.Take();
}

ControlOutcome ControlClient::AskForData(const std::vector<std::string>& words) {
  const auto reply = Ask(words);
  return reply ? ParseControlReply(*reply) : reply.error();
}

}  // namespace sqlicorn
