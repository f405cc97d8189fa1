// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "tests/support/processes.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_for.h"

namespace sqlicorn {

struct ServerOptions {
  std::string config = {};                  // TOML text; "" = the shipped etc/sqlicorn.toml
  std::vector<std::string> arguments = {};  // after -c, -b and the path of the database
  std::string bind = "127.0.0.1:0";         // "" = as the configuration says
  // Runs in the child right before exec: limits, another user. Async-signal-safe calls only.
  std::function<void()> in_child = {};
};

// A real sqlicorn on loopback, in a process group of its own, with its files in `directory`:
// test.db, sqlicorn.toml and the logs of the last one started there. The destructor kills the whole
// group, and the kernel kills the master when the test process dies. Start it on the main thread,
// whose end is what the kernel watches.
class ServerProcess {
 public:
  // Starts and does not wait.
  ServerProcess(const TempDir& directory, const ServerOptions& options);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // True when it listens, every worker is up and one has answered a request; false at once when
  // it has ended instead. `workers` as configured.
  [[nodiscard]] bool WaitUntilReady(std::size_t workers);

  [[nodiscard]] pid_t pid() const { return pid_; }

  // The port the kernel chose, as the log says; 0 before it listens.
  [[nodiscard]] int port() const;

  // Its living children, oldest first, without those that look after the write-ahead log.
  [[nodiscard]] std::vector<pid_t> workers() const { return WorkersOf(pid_); }

  // During an upgrade: those of both masters.
  [[nodiscard]] std::size_t CountWorkersOfAll() const;

  // The child that makes checkpoints; 0 = there is none.
  [[nodiscard]] pid_t checkpointer() const { return CheckpointerOf(pid_); }

  // Every living process of the group: the master and whatever it left behind.
  [[nodiscard]] std::vector<pid_t> alive() const;

  // What it has written to stderr.
  [[nodiscard]] std::string log() const;
  [[nodiscard]] bool LogHas(std::string_view text) const;

  void Signal(int signal) const;

  // "exit 0", "signal 9", or "running" when it has not ended within `limit`.
  [[nodiscard]] std::string WaitForEnd(Duration limit = kPatience);

 private:
  [[nodiscard]] bool IsReady(std::size_t workers_wanted) const;
  [[noreturn]] void Exec(std::vector<std::string> arguments, const ServerOptions& options,
                         int program) const;

  std::string log_path_;
  pid_t pid_ = 0;
  std::string end_;  // "" = not reaped
};

}  // namespace sqlicorn
