// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/file.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

inline std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// For a server whose log, where it would say its port, is not at hand.
inline int UnusedPort() {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = SocketAddress::Ip("127.0.0.1", 0).value();
  return bind(fd.get(), any.raw(), any.length()) == 0 ? SocketAddress::LocalOf(fd.get()).port() : 0;
}

// "" when there is no such file yet.
inline std::string ContentOf(const std::string& path) {
  const auto content = ReadFile(path);
  return content ? *content : "";
}

}  // namespace sqlicorn
