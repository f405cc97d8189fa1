// SPDX-License-Identifier: MIT
#include "tests/integration/service_manager.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

#include "common/base/socket_address.h"

namespace sqlicorn {

ServiceManager::ServiceManager(const std::string& path)
    : path_(path), fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  const SocketAddress address = SocketAddress::Unix(path).value();
  EXPECT_EQ(bind(fd_.get(), address.raw(), address.length()), 0);
}

void ServiceManager::SetEnvironment(Duration watchdog) const {
  setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  const auto usec = std::to_string(watchdog / std::chrono::microseconds(1));
  setenv("WATCHDOG_USEC", usec.c_str(), 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  // The server was started without its path; USR2 looks for it.
  const std::string program = SQLICORNCTL_PROGRAM;
  setenv("PATH", program.substr(0, program.rfind('/')).c_str(), 1);
}

std::string ServiceManager::Hear(Duration limit) {
  pollfd readable{fd_.get(), POLLIN, 0};
  if (poll(&readable, 1, static_cast<int>(limit / std::chrono::milliseconds(1))) != 1) {
    return "";
  }
  std::array<char, 1024> text{};
  const ssize_t got = recv(fd_.get(), text.data(), text.size(), 0);
  return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : "";
}

std::string ServiceManager::HearUntil(std::string_view start) {
  std::string text = Hear();
  while (!text.empty() && !text.starts_with(start)) {
    text = Hear();
  }
  return text;
}

}  // namespace sqlicorn
