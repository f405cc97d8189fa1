// SPDX-License-Identifier: MIT
#include "master/process/pidfile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "common/base/file_place.h"

namespace sqlicorn {
namespace {

// A lock is on the file and says nothing about the name: another may have been put there since.
bool IsAt(int fd, const FilePlace& place) {
  struct stat by_fd {};

  struct stat by_name {};

  return fstat(fd, &by_fd) == 0 &&
         fstatat(place.directory.get(), place.name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
         by_fd.st_dev == by_name.st_dev && by_fd.st_ino == by_name.st_ino;
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

Error AlreadyRunning(int fd, const std::string& path) {
  std::array<char, 32> content{};
  const ssize_t size = pread(fd, content.data(), content.size(), 0);
  std::string holder(content.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
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

Error CannotCreate(const std::string& path, int errno_value) {
  return Error{fmt::format("{}: {}", CannotCreate(path), PlaceErrorText(errno_value))};
}

// The file that stands there, locked so that only we replace it; no descriptor when it has been
// replaced meanwhile. An error when a living server holds it.
Result<UniqueFd> LockStale(const FilePlace& place, const std::string& path) {
  // A second name does no harm, as nothing is written to it: a draft has two for a moment.
  UniqueFd fd(openat(place.directory.get(), place.name.c_str(),
                     O_RDWR | O_NONBLOCK | O_CLOEXEC | place.open_flags));
  if (!fd) {
    return errno == ENOENT ? Result<UniqueFd>(UniqueFd()) : CannotCreate(path, errno);
  }
  if (!IsRegular(fd.get())) {
    return Error{CannotCreate(path) + ": it is not a regular file"};
  }
  if (IsNoPidfile(fd.get())) {
    return TooLong(path);
  }
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? AlreadyRunning(fd.get(), path) : CannotCreate(path, errno);
  }
  return IsAt(fd.get(), place) ? std::move(fd) : UniqueFd();
}

// A new file, locked and written. Another user may have put a link or a file of his there.
Result<UniqueFd> MakeDraft(const FilePlace& draft, const std::string& path) {
  const auto make = [&] { return OpenAtPlace(draft, O_RDWR | O_CREAT | O_EXCL, 0644); };
  UniqueFd fd = make();
  if (!fd && errno == EEXIST) {
    unlinkat(draft.directory.get(), draft.name.c_str(), 0);
    fd = make();
  }
  if (!fd) {
    return CannotCreate(path, errno);
  }
  const std::string pid = fmt::format("{}\n", getpid());
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0 ||
      write(fd.get(), pid.data(), pid.size()) != static_cast<ssize_t>(pid.size())) {
    const int failure = errno;
    unlinkat(draft.directory.get(), draft.name.c_str(), 0);
    return CannotCreate(path, failure);
  }
  return fd;
}

// Gives the draft its name, unless a living server holds that.
// A link is made where nothing stands, and fails else; over a stale file the draft is moved while
// that one is locked. So of two servers that start at once one gets the name.
Status TakeName(const FilePlace& draft, const FilePlace& place, const std::string& path) {
  const int directory = place.directory.get();
  // A holder that ends between our open and our lock unlinks the file under us: then try again.
  for (int attempt = 0; attempt < 10; ++attempt) {
    if (linkat(directory, draft.name.c_str(), directory, place.name.c_str(), 0) == 0) {
      unlinkat(directory, draft.name.c_str(), 0);
      return {};
    }
    if (errno != EEXIST) {
      return CannotCreate(path, errno);
    }
    const auto stale = LockStale(place, path);
    if (!stale) {
      return stale.error();
    }
    if (*stale) {
      const bool moved =
          renameat(directory, draft.name.c_str(), directory, place.name.c_str()) == 0;
      return moved ? Status() : CannotCreate(path, errno);
    }
  }
  return Error{CannotCreate(path) + ": it keeps being replaced"};
}

}  // namespace

Result<Pidfile> Pidfile::Create(const std::string& path) {
  FilePlace place;
  if (const int error = FindFilePlace(path, &place); error != 0) {
    return CannotCreate(path, error);
  }
  // Written and locked under another name first: nobody reads an empty file, or takes it over.
  const FilePlace draft{UniqueFd(dup(place.directory.get())),
                        fmt::format("{}.{}", place.name, getpid()), false, O_NOFOLLOW};
  auto fd = MakeDraft(draft, path);
  if (!fd) {
    return fd.error();
  }
  if (const Status taken = TakeName(draft, place, path); !taken) {
    unlinkat(draft.directory.get(), draft.name.c_str(), 0);
    return taken.error();
  }
  return Pidfile(path, *std::move(fd));
}

// The lock moves along, as it is on the file. What stands at the new name is what the former master
// has left, if anything: it has gone by now.
Status Pidfile::Rename(const std::string& path) {
  if (IsNoPidfile(path)) {
    return TooLong(path);
  }
  const std::string what = fmt::format("cannot rename the pid file '{}' to '{}'", path_, path);
  FilePlace from;
  FilePlace to;
  int error = FindFilePlace(path_, &from);
  error = error == 0 ? FindFilePlace(path, &to) : error;
  if (error != 0) {
    return Error{PlaceErrorText(error)}.In(what);
  }
  if (renameat(from.directory.get(), from.name.c_str(), to.directory.get(), to.name.c_str()) != 0) {
    return SystemError(what, errno);
  }
  path_ = path;
  return {};
}

bool IsNoPidfile(const std::string& path) {
  const UniqueFd fd = OpenAtPlace(path, O_RDONLY | O_NONBLOCK);
  return fd && IsNoPidfile(fd.get());
}

// Locked while it is removed, so that the file of a server that starts right now stays.
void RemoveStalePidfile(const std::string& path) {
  FilePlace place;
  if (FindFilePlace(path, &place) != 0) {
    return;
  }
  const auto stale = LockStale(place, path);
  if (stale && *stale) {
    unlinkat(place.directory.get(), place.name.c_str(), 0);
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

// Only this very file goes: another server may have put its own in its place.
Pidfile::~Pidfile() {
  FilePlace place;
  if (fd_ && FindFilePlace(path_, &place) == 0 && IsAt(fd_.get(), place)) {
    unlinkat(place.directory.get(), place.name.c_str(), 0);
  }
}

}  // namespace sqlicorn
