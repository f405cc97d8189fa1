// SPDX-License-Identifier: MIT
#include "master/inheritance.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

constexpr std::array<std::string_view, 5> kVariables = {"SQLICORN_PID", "SQLICORN_FD", "LISTEN_PID",
                                                        "LISTEN_FDS", "LISTEN_FDNAMES"};
constexpr int kFirstSystemdFd = 3;

std::optional<int> ToInt(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional<int>(number) : std::nullopt;
}

std::optional<int> ToInt(const char* text) {
  return text == nullptr ? std::nullopt : ToInt(std::string_view(text));
}

Status CheckListener(int fd, std::string_view variable) {
  int listening = 0;
  socklen_t length = sizeof(listening);
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0 || listening == 0) {
    return Error{fmt::format("{}: descriptor {} is not a listening socket", variable, fd)};
  }
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return {};
}

Result<Inheritance> FromMaster(const char* listeners, const char* parent) {
  Inheritance inheritance{.from = Inheritance::From::kMaster, .parent = ToInt(parent).value_or(0)};
  std::string_view rest = listeners;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const auto fd = ToInt(item);
    if (!fd) {
      return Error{fmt::format("{}: '{}' is not a descriptor", kListenersVariable, item)};
    }
    if (const Status good = CheckListener(*fd, kListenersVariable); !good) {
      return good.error();
    }
    inheritance.listeners.push_back(*fd);
  }
  return inheritance;
}

Result<Inheritance> FromSystemd(int count) {
  Inheritance inheritance{.from = Inheritance::From::kSystemd};
  for (int fd = kFirstSystemdFd; fd < kFirstSystemdFd + count; ++fd) {
    if (const Status good = CheckListener(fd, "LISTEN_FDS"); !good) {
      return good.error();
    }
    inheritance.listeners.push_back(fd);
  }
  return inheritance;
}

}  // namespace

Result<Inheritance> ReadInheritance(const std::function<const char*(const char*)>& getenv,
                                    pid_t self) {
  if (const char* listeners = getenv(kListenersVariable); listeners != nullptr) {
    return FromMaster(listeners, getenv(kParentVariable));
  }
  const auto count = ToInt(getenv("LISTEN_FDS"));
  if (ToInt(getenv("LISTEN_PID")) == self && count && *count > 0) {
    return FromSystemd(*count);
  }
  return Inheritance{};
}

const char* RoleSuffix(pid_t parent) {
  return parent != 0 ? ".2" : "";
}

void ForgetInheritance() {
  for (const std::string_view name : kVariables) {
    unsetenv(name.data());
  }
}

bool IsInheritanceVariable(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end();
}

}  // namespace sqlicorn
