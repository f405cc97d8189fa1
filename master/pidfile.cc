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

Error AlreadyRunning(const std::string& path) {
  const auto content = ReadFile(path);
  std::string holder = content ? *content : "";
  holder.erase(holder.find_last_not_of('\n') + 1);
  holder = holder.empty() ? "?" : holder;  // it has not written its number yet
  return Error{fmt::format("already running on pid {} (it holds the pid file '{}')", holder, path)};
}

}  // namespace

Result<Pidfile> Pidfile::Create(const std::string& path) {
  const std::string what = fmt::format("cannot create the pid file '{}'", path);
  // A holder that ends between our open and our lock unlinks the file under us: then try again.
  for (int attempt = 0; attempt < 10; ++attempt) {
    UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) {
      return SystemError(what, errno);
    }
    if (!IsRegular(fd.get())) {
      return Error{what + ": it is not a regular file"};
    }
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      return errno == EWOULDBLOCK ? AlreadyRunning(path) : SystemError(what, errno);
    }
    if (!IsSameFile(fd.get(), path)) {
      continue;
    }
    Pidfile pidfile(path, std::move(fd));
    const std::string pid = fmt::format("{}\n", getpid());
    if (ftruncate(pidfile.fd_.get(), 0) != 0 ||
        pwrite(pidfile.fd_.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
      return SystemError(what, errno);
    }
    return pidfile;
  }
  return Error{what + ": it keeps being replaced"};
}

Status Pidfile::Rename(const std::string& path) {
  if (rename(path_.c_str(), path.c_str()) != 0) {
    return SystemError(fmt::format("cannot rename the pid file '{}' to '{}'", path_, path), errno);
  }
  path_ = path;
  return {};
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
