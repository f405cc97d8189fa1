// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// What systemd has put into the environment of a service.
struct ServiceEnvironment {
  std::string notify_socket;         // "" = nobody wants to know
  std::optional<Duration> watchdog;  // WATCHDOG_USEC, when it is meant for us

  // `self` is our pid: WATCHDOG_PID may say that the watchdog waits for another process. Numbers
  // that are none count as absent.
  [[nodiscard]] static ServiceEnvironment Read(
      const std::function<const char*(const char*)>& getenv, pid_t self);

  // Whether "NAME=value" names this process and so is not for a successor.
  [[nodiscard]] static bool IsOfOneProcess(std::string_view variable);

  // Removes the variables from the environment: they are not for our children.
  static void Forget();
};

// Sends datagrams to the service manager, without libsystemd. Never blocks and never fails the
// server: what the manager has no room for waits for the next call, what it does not take is lost.
class ServiceNotifier {
 public:
  // `socket` is an absolute path, or an abstract address that starts with '@'. An error for
  // anything else.
  [[nodiscard]] static Result<ServiceNotifier> Open(const std::string& socket);

  // "READY=1\nSTATUS=…" and the like.
  void Send(std::string datagram);

  // Makes `pid` the main process of the service, as after an upgrade. Needs NotifyAccess=all.
  void SendMainPid(pid_t pid);

  // Tries again what had to wait.
  void Flush();

 private:
  ServiceNotifier(std::string address, UniqueFd fd)
      : address_(std::move(address)), fd_(std::move(fd)) {}

  std::string address_;  // as the kernel has it: an abstract one starts with NUL
  UniqueFd fd_;
  std::deque<std::string> waiting_;
};

// None when nobody wants to know, or, with a warning, when the address is unusable.
[[nodiscard]] std::optional<ServiceNotifier> OpenNotifier(const ServiceEnvironment& environment);

}  // namespace sqlicorn
