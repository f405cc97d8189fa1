// SPDX-License-Identifier: MIT
#include "master/sockets/inheritance.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"
#include "common/config/bind_address.h"
#include "common/config/server_config.h"

namespace sqlicorn {
namespace {

constexpr std::array<std::string_view, 6> kVariables = {kParentVariable,   kListenersVariable,
                                                        kDatabaseVariable, "LISTEN_PID",
                                                        "LISTEN_FDS",      "LISTEN_FDNAMES"};
constexpr int kFirstSystemdFd = 3;
constexpr std::string_view kOutsidePrefix = "outside:";

std::optional<int> ToInt(const char* text) {
  return text == nullptr ? std::nullopt : ParseWhole<int>(text);
}

bool IsOneOf(int value, std::initializer_list<int> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// -1 when it cannot be had, as of what is no socket.
int SocketOption(int fd, int option) {
  int value = 0;
  socklen_t length = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

Status CheckListener(int fd, std::string_view where) {
  if (fcntl(fd, F_GETFD) < 0) {
    return Error{fmt::format("{}: descriptor {} is not open", where, fd)};
  }
  if (SocketOption(fd, SO_ACCEPTCONN) != 1) {
    return Error{fmt::format("{}: descriptor {} is not a listening socket", where, fd)};
  }
  if (SocketOption(fd, SO_TYPE) != SOCK_STREAM ||
      !IsOneOf(SocketOption(fd, SO_DOMAIN), {AF_INET, AF_INET6, AF_UNIX})) {
    return Error{
        fmt::format("{}: descriptor {} is neither a TCP nor a unix stream socket", where, fd)};
  }
  return {};
}

Status AddListener(int fd, std::string_view where, Inheritance& inheritance) {
  Status good = CheckListener(fd, where);
  if (good) {
    inheritance.listeners.push_back(fd);
  }
  return good;
}

Result<Inheritance> FromMaster(std::string_view listeners, const char* parent,
                               const char* database) {
  Inheritance inheritance{.from = Inheritance::From::kMaster, .parent = ToInt(parent).value_or(0)};
  if (database != nullptr) {
    inheritance.database = ParseWhole<std::uint64_t>(database).value_or(0);
  }
  if (listeners.starts_with(kOutsidePrefix)) {
    inheritance.from = Inheritance::From::kOutside;
    listeners.remove_prefix(kOutsidePrefix.size());
  }
  while (!listeners.empty()) {
    const std::string_view item = listeners.substr(0, listeners.find(','));
    listeners.remove_prefix(std::min(listeners.size(), item.size() + 1));
    const auto fd = ParseWhole<int>(item);
    if (!fd) {
      return Error{fmt::format("{}: '{}' is not a descriptor", kListenersVariable, item)};
    }
    if (const Status good = AddListener(*fd, kListenersVariable, inheritance); !good) {
      return good.error();
    }
  }
  return inheritance;
}

Result<Inheritance> FromSystemd(int count) {
  Inheritance inheritance{.from = Inheritance::From::kOutside};
  for (int fd = kFirstSystemdFd; fd < kFirstSystemdFd + count; ++fd) {
    if (const Status good = AddListener(fd, "LISTEN_FDS", inheritance); !good) {
      return good.error();
    }
  }
  return inheritance;
}

// -1 for an address of another kind.
int DescriptorOf(const std::string& bind) {
  const auto address = ParseBindAddress(bind);
  return address && address->kind == BindKind::kFd ? address->fd : -1;
}

Result<Inheritance> FromBind(const std::vector<std::string>& bind) {
  Inheritance inheritance;
  for (const std::string& text : bind) {
    const int fd = DescriptorOf(text);
    if (fd < 0) {
      continue;
    }
    inheritance.from = Inheritance::From::kOutside;
    if (const Status good = AddListener(fd, text, inheritance); !good) {
      return good.error();
    }
  }
  return inheritance;
}

}  // namespace

Result<Inheritance> ReadInheritance(const std::function<const char*(const char*)>& getenv,
                                    pid_t self, const std::vector<std::string>& bind) {
  if (const char* listeners = getenv(kListenersVariable); listeners != nullptr) {
    return FromMaster(listeners, getenv(kParentVariable), getenv(kDatabaseVariable));
  }
  const auto count = ToInt(getenv("LISTEN_FDS"));
  if (ToInt(getenv("LISTEN_PID")) == self && count && *count > 0) {
    return FromSystemd(*count);
  }
  return FromBind(bind);
}

std::vector<std::string> IgnoredBinds(const Inheritance& inheritance,
                                      const std::vector<std::string>& bind) {
  std::vector<std::string> ignored;
  if (inheritance.from != Inheritance::From::kOutside || bind == ServerSettings().bind) {
    return ignored;
  }
  const std::vector<int>& taken = inheritance.listeners;
  std::copy_if(bind.begin(), bind.end(), std::back_inserter(ignored), [&](const auto& text) {
    return std::find(taken.begin(), taken.end(), DescriptorOf(text)) == taken.end();
  });
  return ignored;
}

std::string HandOverText(const std::vector<int>& listeners, Inheritance::From from) {
  return fmt::format("{}{}", from == Inheritance::From::kOutside ? kOutsidePrefix : "",
                     fmt::join(listeners, ","));
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
