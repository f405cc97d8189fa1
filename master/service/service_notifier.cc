// SPDX-License-Identifier: MIT
#include "master/service/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/numbers.h"

namespace sqlicorn {
namespace {

constexpr const char* kSocketVariable = "NOTIFY_SOCKET";
constexpr const char* kWatchdogVariable = "WATCHDOG_USEC";
constexpr const char* kWatchdogPidVariable = "WATCHDOG_PID";
constexpr std::size_t kMostWaiting = 32;

std::optional<std::int64_t> ParsePositive(const char* text) {
  const auto number = text == nullptr ? std::nullopt : ParseWhole<std::int64_t>(text);
  return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

// Without WATCHDOG_PID the interval is meant for whoever reads it.
ServiceEnvironment ServiceEnvironment::Read(const std::function<const char*(const char*)>& getenv,
                                            pid_t self) {
  ServiceEnvironment environment;
  if (const char* socket = getenv(kSocketVariable)) {
    environment.notify_socket = socket;
  }
  const auto usec = ParsePositive(getenv(kWatchdogVariable));
  const char* pid = getenv(kWatchdogPidVariable);
  if (usec && (pid == nullptr || ParsePositive(pid) == self)) {
    environment.watchdog = std::chrono::microseconds(*usec);
  }
  return environment;
}

bool ServiceEnvironment::IsOfOneProcess(std::string_view variable) {
  return variable.substr(0, variable.find('=')) == kWatchdogPidVariable;
}

void ServiceEnvironment::Forget() {
  for (const char* name : {kSocketVariable, kWatchdogVariable, kWatchdogPidVariable}) {
    unsetenv(name);
  }
}

Result<ServiceNotifier> ServiceNotifier::Open(const std::string& socket) {
  const bool abstract = socket.starts_with('@');
  if ((!abstract && !socket.starts_with('/')) || socket.size() < 2 ||
      socket.size() >= sizeof(sockaddr_un::sun_path)) {
    return Error{
        fmt::format("{}: '{}' is no absolute path and no '@' address", kSocketVariable, socket)};
  }
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) {
    return SystemError("socket", errno);
  }
  // An abstract address is written with '@' and begins with NUL for the kernel, which counts its
  // octets and looks for no end.
  std::string address = socket;
  address[0] = abstract ? '\0' : '/';
  return ServiceNotifier(std::move(address), std::move(fd));
}

void ServiceNotifier::Send(std::string datagram) {
  // A manager that hangs must not fill the memory of a server that does not.
  if (waiting_.size() < kMostWaiting) {
    waiting_.push_back(std::move(datagram));
  }
  Flush();
}

void ServiceNotifier::Flush() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  for (; !waiting_.empty(); waiting_.pop_front()) {
    const std::string& datagram = waiting_.front();
    if (sendto(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address), length) >= 0) {
      continue;
    }
    // The order is kept: what comes later waits behind it.
    if (errno == EAGAIN || errno == ENOBUFS) {
      return;
    }
    LogDebug("the service manager could not be told: {}", std::strerror(errno));
  }
}

std::optional<ServiceNotifier> OpenNotifier(const ServiceEnvironment& environment) {
  if (environment.notify_socket.empty()) {
    return std::nullopt;
  }
  auto notifier = ServiceNotifier::Open(environment.notify_socket);
  if (!notifier) {
    LogWarning("{}; the service manager is not told anything", notifier.error().message);
    return std::nullopt;
  }
  return *std::move(notifier);
}

void ServiceNotifier::SendMainPid(pid_t pid) {
  Send(fmt::format("MAINPID={}", pid));
}

}  // namespace sqlicorn
