// SPDX-License-Identifier: MIT
#include "common/base/syslog.h"

#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {
namespace {

constexpr std::uint16_t kPort = 514;
constexpr std::size_t kMaxMessage = 32768;
constexpr Duration kRetry = std::chrono::seconds(1);

constexpr std::array<std::pair<const char*, int>, 21> kFacilities = {{
    {"kern", 0},     {"user", 1},      {"mail", 2},    {"daemon", 3},  {"auth", 4},
    {"security", 4}, {"syslog", 5},    {"lpr", 6},     {"news", 7},    {"uucp", 8},
    {"cron", 9},     {"authpriv", 10}, {"ftp", 11},    {"local0", 16}, {"local1", 17},
    {"local2", 18},  {"local3", 19},   {"local4", 20}, {"local5", 21}, {"local6", 22},
    {"local7", 23},
}};

Error Bad(std::string_view text) {
  return Error{fmt::format(
      "'{}' is not a syslog address: write udp://IP:PORT, tcp://IP:PORT or unix://PATH[#dgram|"
      "#stream]",
      text)};
}

// Removes `front` from `text` if it begins with it.
bool Skip(std::string_view front, std::string_view& text) {
  const bool found = text.starts_with(front);
  text.remove_prefix(found ? front.size() : 0);
  return found;
}

bool SkipEnd(std::string_view end, std::string_view& text) {
  const bool found = text.ends_with(end);
  text.remove_suffix(found ? end.size() : 0);
  return found;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  const auto port = ParseWhole<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

Result<SyslogTarget> ParseUnix(std::string_view path) {
  SyslogTransport transport = SyslogTransport::kEither;
  if (SkipEnd("#dgram", path)) {
    transport = SyslogTransport::kDatagram;
  } else if (SkipEnd("#stream", path)) {
    transport = SyslogTransport::kStream;
  }
  auto address = SocketAddress::Unix(std::string(path));
  if (!address) {
    return address.error();
  }
  return SyslogTarget{transport, *address};
}

// "HOST", "HOST:PORT", "[v6]" or "[v6]:PORT".
std::optional<SocketAddress> ParseHostAndPort(std::string_view text) {
  const bool bracket = text.starts_with('[');
  const std::size_t colon = text.find(':', bracket ? text.find(']') : 0);
  std::string_view host = text.substr(0, colon);
  if (bracket && (host.size() < 2 || !host.ends_with(']'))) {
    return std::nullopt;
  }
  host = bracket ? host.substr(1, host.size() - 2) : host;
  const auto port =
      colon == std::string_view::npos ? std::optional(kPort) : ParsePort(text.substr(colon + 1));
  if (host.empty() || !port) {
    return std::nullopt;
  }
  const auto address = SocketAddress::Ip(std::string(host), *port);
  return address ? std::optional(*address) : std::nullopt;
}

constexpr int kPatienceMs = 200;

// Of the socket, which forgets it.
int TakeError(int fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

// 0 or an errno.
int Connect(const UniqueFd& fd, const SocketAddress& address) {
  if (!fd) {
    return errno;
  }
  if (connect(fd.get(), address.raw(), address.length()) == 0 || errno == EAGAIN) {
    return 0;  // EAGAIN: a unix stream whose queue is full
  }
  if (errno != EINPROGRESS) {
    return errno;
  }
  pollfd writable{fd.get(), POLLOUT, 0};
  return poll(&writable, 1, kPatienceMs) == 1 ? TakeError(fd.get()) : ETIMEDOUT;
}

UniqueFd Open(int family, int type) {
  return UniqueFd(socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// On the loopback the refusal has come before send returns.
int AskByUdp(const UniqueFd& fd, const SyslogOptions& options) {
  const std::string line = fmt::format("<{}>{}.error: [{}] This server logs here",
                                       options.facility * 8 + 6, options.program, getpid());
  const bool sent = send(fd.get(), line.c_str(), line.size() + 1, MSG_NOSIGNAL) >= 0;
  return sent ? TakeError(fd.get()) : errno;
}

}  // namespace

Result<SyslogTarget> ParseSyslogTarget(std::string_view text) {
  std::string_view rest = text;
  if (Skip("unix://", rest)) {
    return ParseUnix(rest);
  }
  SyslogTransport transport = SyslogTransport::kDatagram;
  if (Skip("tcp://", rest)) {
    transport = SyslogTransport::kStream;
  } else if (!Skip("udp://", rest)) {
    return Bad(text);
  }
  const auto address = ParseHostAndPort(rest);
  if (!address) {
    return Bad(text);
  }
  return SyslogTarget{transport, *address};
}

Result<int> ParseSyslogFacility(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [known, number] : kFacilities) {
    if (strcasecmp(std::string(name).c_str(), known) == 0) {
      return number;
    }
    names.emplace_back(known);
  }
  return Error{fmt::format("'{}' is not a syslog facility{}", name, DidYouMean(name, names))};
}

Syslog::Syslog(const SyslogOptions& options, std::string_view stream)
    : target_(options.target),
      facility_(options.facility),
      program_(fmt::format("{}.{}", options.program, stream)) {}

void Syslog::Send(SyslogSeverity severity, std::string_view message) {
  if (!Ready()) {
    return;
  }
  message_ = fmt::format("<{}>{}: [{}] {}", facility_ * 8 + static_cast<int>(severity), program_,
                         getpid(), message.substr(0, kMaxMessage));
  message_ += '\0';
  if (target_.transport == SyslogTransport::kStream) {
    SendStream();
  } else {
    SendDatagram();
  }
}

bool Syslog::Ready() {
  const bool stream = target_.transport == SyslogTransport::kStream;
  // Two processes on one stream would cut each other's messages.
  if (stream && fd_ && owner_ != getpid()) {
    fd_.Reset();
    rest_.clear();
    next_try_ = {};
  }
  if (!fd_ && Clock::now() >= next_try_) {
    next_try_ = Clock::now() + kRetry;
    if (stream) {
      OpenStream();
    } else {
      OpenDatagram();
    }
  }
  return static_cast<bool>(fd_);
}

void Syslog::OpenDatagram() {
  fd_ = UniqueFd(socket(target_.address.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void Syslog::OpenStream() {
  UniqueFd fd(socket(target_.address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd && (connect(fd.get(), target_.address.raw(), target_.address.length()) == 0 ||
             errno == EINPROGRESS)) {
    fd_ = std::move(fd);
    owner_ = getpid();
    rest_.clear();
  }
}

// Not connected: the daemon may be restarted, and refused datagrams are not reported to the next.
void Syslog::SendDatagram() {
  const ssize_t sent = sendto(fd_.get(), message_.data(), message_.size(), MSG_NOSIGNAL,
                              target_.address.raw(), target_.address.length());
  if (sent < 0 && errno == EPROTOTYPE && target_.transport == SyslogTransport::kEither) {
    target_.transport = SyslogTransport::kStream;
    fd_.Reset();
    OpenStream();
    if (fd_) {
      SendStream();
    }
  }
}

void Syslog::SendStream() {
  if (rest_.size() < kMaxMessage) {
    rest_ += message_;
  }
  const ssize_t sent = send(fd_.get(), rest_.data(), rest_.size(), MSG_NOSIGNAL);
  if (sent > 0) {
    rest_.erase(0, static_cast<std::size_t>(sent));
  } else if (errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN) {
    fd_.Reset();
    rest_.clear();
  }
}

Status ProbeSyslog(const SyslogOptions& options) {
  const SocketAddress& address = options.target.address;
  int error = EPROTOTYPE;
  if (options.target.transport != SyslogTransport::kStream) {
    const UniqueFd fd = Open(address.family(), SOCK_DGRAM);
    error = Connect(fd, address);
    if (error == 0 && address.family() != AF_UNIX) {
      error = AskByUdp(fd, options);
    }
  }
  if (error == EPROTOTYPE && options.target.transport != SyslogTransport::kDatagram) {
    error = Connect(Open(address.family(), SOCK_STREAM), address);
  }
  return error == 0 ? Status() : SystemError(address.ToString(), error);
}

}  // namespace sqlicorn
