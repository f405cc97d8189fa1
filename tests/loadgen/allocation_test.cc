// SPDX-License-Identifier: MIT
// That a request in steady state takes no memory: operator new counts, so this is a program of its
// own, and the server is another process.
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/run/runner.h"

namespace {

std::atomic<std::uint64_t> g_allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  g_allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) {
    std::abort();
  }
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace sqlicorn::loadgen {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

// Answers whatever comes, until its parent is gone.
[[noreturn]] void Serve(int listener) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
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

class Server {
 public:
  Server() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener, raw, length), 0);
    EXPECT_EQ(listen(listener, 64), 0);
    getsockname(listener, raw, &length);
    port_ = ntohs(address.sin_port);
    pid_ = fork();
    if (pid_ == 0) {
      Serve(listener);
    }
    close(listener);
  }

  ~Server() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  pid_t pid_ = 0;
};

class MeasuredLoad final : public RunObserver {
 public:
  explicit MeasuredLoad(RunOptions options) {
    Scenario scenario;
    TaskSpec task;
    task.path = task.name = "/x";
    scenario.tasks = {task};
    Runner runner(loop_, scenario, std::move(options), this);
    Timer settled(loop_, [&] { Note(runner, &begin_); });
    Timer later(loop_, [&] {
      Note(runner, &end_);
      runner.Stop();
    });
    settled.Start(milliseconds(1100));  // after the first second of the series of seconds
    later.Start(milliseconds(1900));
    EXPECT_TRUE(runner.Start().ok());
    loop_.Run();
  }

  [[nodiscard]] std::uint64_t requests() const { return end_.requests - begin_.requests; }

  [[nodiscard]] std::uint64_t allocations() const { return end_.allocations - begin_.allocations; }

 private:
  struct Count {
    std::uint64_t requests = 0;
    std::uint64_t allocations = 0;
  };

  static void Note(const Runner& runner, Count* count) {
    *count = {runner.stats().requests(), g_allocations.load()};
  }

  void OnFinished() override { loop_.Stop(); }

  Loop loop_;
  Count begin_;
  Count end_;
};

RunOptions Options(const Server& server) {
  RunOptions options;
  options.host = server.url();
  options.users = 4;
  options.spawn_rate = 4;
  options.lag_one_in = 4;
  return options;
}

TEST(Allocations, AreNoneInTheClosedLoop) {
  const Server server;
  const MeasuredLoad run(Options(server));
  EXPECT_GT(run.requests(), 500U);
  EXPECT_LE(run.allocations(), 20U) << run.requests();
}

TEST(Allocations, AreNoneInTheOpenLoop) {
  const Server server;
  RunOptions options = Options(server);
  options.rate = ParseRatePlan("poisson:2000").value();
  const MeasuredLoad run(options);
  EXPECT_GT(run.requests(), 500U);
  EXPECT_LE(run.allocations(), 20U) << run.requests();
}

}  // namespace
}  // namespace sqlicorn::loadgen
