// SPDX-License-Identifier: MIT
#include "master/pidfile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"

namespace sqlicorn {
namespace {

bool IsSameFile(int fd, const std::string& path) {
  struct stat by_fd {};

  struct stat by_path {};

  return fstat(fd, &by_fd) == 0 && stat(path.c_str(), &by_path) == 0 &&
         by_fd.st_dev == by_path.st_dev && by_fd.st_ino == by_path.st_ino;
}

bool IsRegular(int fd) {
  struct stat info {};

  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

bool IsNoPidfile(int fd) {
  struct stat info {};

  constexpr off_t kLongest = 32;
  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > kLongest;
}

Error AlreadyRunning(const std::string& path) {
  const auto content = ReadFile(path);
  std::string holder = content ? *content : "";
  holder.erase(holder.find_last_not_of('\n') + 1);
  holder = holder.empty() ? "?" : holder;  // it has not written its number yet
  return Error{fmt::format("already running on pid {} (it holds the pid file '{}')", holder, path)};
}

std::string CannotCreate(const std::string& path) {
  return fmt::format("cannot create the pid file '{}'", path);
}

Error TooLong(const std::string& path) {
  return Error{CannotCreate(path) + ": a file that is too long to be one is there"};
}

// The file that stands at `path`, locked so that only we replace it; no descriptor when it has been
// replaced meanwhile. An error when a living server holds it.
Result<UniqueFd> LockStale(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    return errno == ENOENT ? Result<UniqueFd>(UniqueFd())
                           : Result<UniqueFd>(SystemError(CannotCreate(path), errno));
  }
  if (!IsRegular(fd.get())) {
    return Error{CannotCreate(path) + ": it is not a regular file"};
  }
  if (IsNoPidfile(fd.get())) {
    return TooLong(path);
  }
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? AlreadyRunning(path) : SystemError(CannotCreate(path), errno);
  }
  return IsSameFile(fd.get(), path) ? std::move(fd) : UniqueFd();
}

}  // namespace

Result<Pidfile> Pidfile::Create(const std::string& path) {
  // Written and locked under another name first: nobody reads an empty file, or takes it over.
  auto draft = Draft(path);
  if (!draft) {
    return draft.error();
  }
  Pidfile pidfile = *std::move(draft);
  // A holder that ends between our open and our lock unlinks the file under us: then try again.
  for (int attempt = 0; attempt < 10; ++attempt) {
    if (link(pidfile.path_.c_str(), path.c_str()) == 0) {
      unlink(std::exchange(pidfile.path_, path).c_str());
      return pidfile;
    }
    if (errno != EEXIST) {
      return SystemError(CannotCreate(path), errno);
    }
    const auto stale = LockStale(path);
    if (!stale) {
      return stale.error();
    }
    if (*stale) {
      const Status renamed = pidfile.Rename(path);
      return renamed ? Result<Pidfile>(std::move(pidfile)) : renamed.error();
    }
  }
  return Error{CannotCreate(path) + ": it keeps being replaced"};
}

Result<Pidfile> Pidfile::Draft(const std::string& final_path) {
  const std::string path = fmt::format("{}.{}", final_path, getpid());
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) {
    return SystemError(CannotCreate(final_path), errno);
  }
  const std::string pid = fmt::format("{}\n", getpid());
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0 ||
      write(fd.get(), pid.data(), pid.size()) != static_cast<ssize_t>(pid.size())) {
    const int failure = errno;
    unlink(path.c_str());
    return SystemError(CannotCreate(final_path), failure);
  }
  return Pidfile(path, std::move(fd));
}

Status Pidfile::Rename(const std::string& path) {
  if (IsNoPidfile(path)) {
    return TooLong(path);
  }
  if (rename(path_.c_str(), path.c_str()) != 0) {
    return SystemError(fmt::format("cannot rename the pid file '{}' to '{}'", path_, path), errno);
  }
  path_ = path;
  return {};
}

bool IsNoPidfile(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return fd && IsNoPidfile(fd.get());
}

void RemoveStalePidfile(const std::string& path) {
  const auto stale = LockStale(path);
  if (stale && *stale) {
    unlink(path.c_str());
  }
}

Result<std::shared_ptr<Pidfile>> MakePidfile(const ServerSettings& settings,
                                             const std::string& suffix) {
  if (settings.pidfile.empty()) {
    return std::shared_ptr<Pidfile>();
  }
  auto created = Pidfile::Create(settings.pidfile + suffix);
  if (!created) {
    return created.error();
  }
  return std::make_shared<Pidfile>(std::move(*created));
}

Pidfile::~Pidfile() {
  if (fd_ && IsSameFile(fd_.get(), path_)) {
    unlink(path_.c_str());
  }
}

}  // namespace sqlicorn
