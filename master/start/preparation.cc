// SPDX-License-Identifier: MIT
#include "master/start/preparation.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/unique_fd.h"
#include "master/fleet/children.h"
#include "master/process/process_spawner.h"

namespace sqlicorn {
namespace {

// Where SQLite locks: a file system may stumble over offsets beyond the end of the file.
constexpr off_t kOffset = 0x40000000;

// For a parent that is gone before it could end us.
constexpr unsigned kLongestHoldSeconds = 10;

// 0, or why not: EAGAIN or EACCES where another process has it.
int TryLock(int fd) {
  struct flock lock {};

  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kOffset;
  lock.l_len = 1;
  return fcntl(fd, F_SETLK, &lock) == 0 ? 0 : errno;
}

// Its name is gone at once, so that nothing is left behind whatever happens. The directory is
// opened once: another user who may write above it could put another in its place.
UniqueFd MakeScratchFile(const std::string& path) {
  const UniqueFd directory(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string name = fmt::format(".sqlicorn-locks-{}", getpid());
  const auto make = [&] {
    return openat(directory.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  };
  UniqueFd fd(make());
  if (!fd && errno == EEXIST) {
    unlinkat(directory.get(), name.c_str(), 0);  // of a process of our number that was killed
    fd = UniqueFd(make());
  }
  if (fd) {
    unlinkat(directory.get(), name.c_str(), 0);
  }
  return fd;
}

[[noreturn]] void HoldLock(int fd, int report, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(0);
  }
  alarm(kLongestHoldSeconds);
  const int result = TryLock(fd);
  if (write(report, &result, sizeof(result)) == sizeof(result)) {
    pause();
  }
  _exit(0);
}

// What is wrong with the locks of `fd`; "" when nothing is.
std::string FindFault(int fd) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) {
    return "";
  }
  const UniqueFd from_holder(report[0]);
  UniqueFd to_us(report[1]);
  const pid_t self = getpid();
  const pid_t holder = fork();
  if (holder < 0) {
    return "";
  }
  if (holder == 0) {
    HoldLock(fd, to_us.get(), self);
  }
  to_us.Reset();
  int theirs = EIO;
  const bool told = read(from_holder.get(), &theirs, sizeof(theirs)) == sizeof(theirs);
  const int ours = TryLock(fd);
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  if (!told || theirs != 0) {
    return std::generic_category().message(theirs);
  }
  if (ours != EAGAIN && ours != EACCES) {
    return "two processes got the same one";
  }
  return TryLock(fd) == 0 ? "" : "one outlives the process that held it";
}

}  // namespace

Status ProbeFileLocks(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;
  const UniqueFd scratch = MakeScratchFile(directory);
  if (!scratch) {
    return {};
  }
  const std::string fault = FindFault(scratch.get());
  if (fault.empty()) {
    return {};
  }
  return Error{fmt::format(
      "database '{}': file locks do not work in directory '{}' ({}), and without them processes "
      "destroy the database; put it on a local disk, or mount this file system with locks",
      path, directory, fault)};
}

Status RunPreparation(const ServerConfig& config, MigrationMode mode, const FormerFiles& former) {
  // Nothing that is never written can suffer from locks that do not work.
  const bool writes = config.database.access == DatabaseAccess::kReadWrite;
  Status locks = writes ? ProbeFileLocks(config.database.path) : Status();
  return locks ? RunMigration(config, mode, former) : locks;
}

Preparation PrepareDatabase(const ServerConfig& config, MigrationMode mode, SignalQueue& signals,
                            const Identity& identity) {
  const auto body = [&] {
    const Status prepared = RunPreparation(config, mode);
    if (!prepared) {
      ReportFatal(prepared.error().message);
    }
    return prepared                   ? ExitCode::kOk
           : prepared.error().lasting ? ExitCode::kConfig
                                      : ExitCode::kError;
  };
  const auto child = ProcessSpawner(signals).Spawn(body, identity);
  if (!child) {
    ReportFatal(child.error().In("cannot prepare the database").message);
    return Preparation::kFailed;
  }
  int status = 0;
  bool interrupted = false;
  while (waitpid(*child, &status, WNOHANG) != *child) {
    if (signals.AwaitStop(Clock::now() + std::chrono::seconds(1))) {
      // SQLite rolls an unfinished schema change back at the next start.
      kill(*child, SIGKILL);
      interrupted = true;
    }
  }
  if (interrupted) {
    return Preparation::kInterrupted;
  }
  if (WIFSIGNALED(status)) {
    ReportFatal("preparing the database was ended by " + SignalName(WTERMSIG(status)));
  }
  if (ExitedWith(status, ExitCode::kConfig)) {
    return Preparation::kWrong;
  }
  return EndedBadly(status) ? Preparation::kFailed : Preparation::kDone;
}

}  // namespace sqlicorn
