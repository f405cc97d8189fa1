// SPDX-License-Identifier: MIT
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {

inline constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

// Answers whatever comes, until its parent is gone.
[[noreturn]] inline void Serve(int listener) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  std::vector<pollfd> peers = {{listener, POLLIN, 0}};
  std::array<char, 4096> buffer{};
  while (true) {
    poll(peers.data(), peers.size(), -1);
    for (std::size_t i = 1; i < peers.size(); ++i) {
      if (peers[i].revents != 0) {
        if (read(peers[i].fd, buffer.data(), buffer.size()) <= 0) {
          close(peers[i].fd);
          peers[i].fd = -1;
        } else if (write(peers[i].fd, kAnswer.data(), kAnswer.size()) < 0) {
          _exit(1);
        }
      }
    }
    if (peers[0].revents != 0) {
      peers.push_back({accept(listener, nullptr, nullptr), POLLIN, 0});
    }
  }
}

// A process of its own, so that what it takes is not counted.
class AnsweringServer {
 public:
  AnsweringServer() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener, raw, length), 0);
    EXPECT_EQ(listen(listener, 4096), 0);
    getsockname(listener, raw, &length);
    port_ = ntohs(address.sin_port);
    pid_ = fork();
    if (pid_ == 0) {
      Serve(listener);
    }
    close(listener);
  }

  ~AnsweringServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace sqlicorn::loadgen
