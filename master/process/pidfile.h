// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/base/unique_fd.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// The pid file of the master, held by flock: a stale file of a dead process, or of an unrelated
// process that got its number, never blocks a start.
class Pidfile {
 public:
  // Writes our pid. An error when a living server holds the file, or when it is no pid file.
  [[nodiscard]] static Result<Pidfile> Create(const std::string& path);

  // Moves the file, and the lock with it, over the pid file that may stand at `path`.
  [[nodiscard]] Status Rename(const std::string& path);

  // In a forked child: the lock is to end with the master.
  void LeaveInChild() { fd_.Reset(); }

  // Unlinks the file, if it is still this one. Only in the process that created it: a forked child
  // leaves by _exit.
  ~Pidfile();
  Pidfile(Pidfile&&) noexcept = default;
  Pidfile(const Pidfile&) = delete;
  Pidfile& operator=(const Pidfile&) = delete;
  Pidfile& operator=(Pidfile&&) = delete;

 private:
  Pidfile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;
};

// True of a file that no server has written: it is longer than any process number. A short one is
// taken for a stale pid file, whatever it holds.
[[nodiscard]] bool IsNoPidfile(const std::string& path);

// Unlinks a pid file whose master has gone without doing so; leaves that of a living one.
void RemoveStalePidfile(const std::string& path);

// The pid file that `settings` ask for, null when they ask for none; `suffix` follows its name.
[[nodiscard]] Result<std::shared_ptr<Pidfile>> MakePidfile(const ServerSettings& settings,
                                                           const std::string& suffix);

}  // namespace sqlicorn
