// SPDX-License-Identifier: MIT
#include "worker/sqlite/database_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "common/base/log.h"
#include "common/base/unique_fd.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

std::string Subject(const std::string& path) {
  return fmt::format("database '{}'", path);
}

bool OnlyReads(OpenMode mode) {
  return mode == OpenMode::kReadOnly || mode == OpenMode::kImmutable;
}

Status CheckDirectory(const DatabaseSettings& settings, OpenMode mode) {
  const std::string& path = settings.path;
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;

  struct stat info {};

  if (stat(directory.c_str(), &info) != 0) {
    return SystemError(fmt::format("directory '{}'", directory), errno).In(Subject(path));
  }
  if (!S_ISDIR(info.st_mode)) {
    return Error{fmt::format("{}: '{}' is not a directory", Subject(path), directory)};
  }
  // With the effective user, as SQLite opens. W_OK, because log, index and journal are made beside
  // it.
  const int access = OnlyReads(mode) ? X_OK : W_OK | X_OK;
  if (faccessat(AT_FDCWD, directory.c_str(), access, AT_EACCESS) != 0) {
    const int why = errno;
    if (OnlyReads(mode)) {
      return SystemError(fmt::format("cannot enter directory '{}'", directory), why)
          .In(Subject(path));
    }
    Error error =
        SystemError(fmt::format("cannot create files in directory '{}', as SQLite must", directory),
                    why)
            .In(Subject(path));
    error.message += kReadOnlyHint;
    return error;
  }

  struct statfs file_system {};

  if (statfs(directory.c_str(), &file_system) != 0) {
    return SystemError(fmt::format("directory '{}'", directory), errno).In(Subject(path));
  }
  return CheckFileSystem(settings, static_cast<std::uint32_t>(file_system.f_type));
}

// Of the database and, when it is there, its log: another user's is met after a start by hand.
Status CheckAccess(const std::string& path, const std::string& file, OpenMode mode) {
  const bool reads = OnlyReads(mode);
  if (faccessat(AT_FDCWD, file.c_str(), reads ? R_OK : R_OK | W_OK, AT_EACCESS) == 0) {
    return {};
  }
  const int why = errno;
  const std::string_view what = reads ? "read" : "read and write";
  const std::string_view hint = reads ? "" : kReadOnlyHint;

  struct stat info {};

  if (stat(file.c_str(), &info) != 0) {
    return why == ENOENT ? Status()
                         : SystemError("cannot be read and written", why).In(Subject(path));
  }
  if (why != EACCES || info.st_uid == geteuid()) {
    return Error{
        fmt::format("{}{}",
                    SystemError(reads ? "cannot be read" : "cannot be read and written", why)
                        .In(Subject(path))
                        .message,
                    hint)};
  }
  return Error{fmt::format(
      "{}: uid {} cannot {} '{}', which belongs to uid {} (gid {}, mode {:04o}); chown {} '{}', or "
      "run the workers as its owner (server.user){}",
      Subject(path), geteuid(), what, file, info.st_uid, info.st_gid, info.st_mode & 07777U,
      geteuid(), file, hint)};
}

// What stands in a log or a hot journal is part of the database, and is not looked at.
Status CheckNothingBeside(const std::string& path) {
  for (const char* suffix : {"-wal", "-journal"}) {
    struct stat info {};

    if (stat((path + suffix).c_str(), &info) == 0 && info.st_size != 0) {
      return Error{fmt::format(
          "{0}: '{1}{2}' is not empty, and database.access = \"immutable\" would overlook it: open "
          "and close the database once where it can be written, or use \"read-only\"",
          Subject(path), path, suffix)};
    }
  }
  return {};
}

// In a container the log beside it is lost with the container.
void WarnOfMountPoint(const std::string& path) {
  struct statx info {};

  const bool told = statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &info) == 0;
  if (told && (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
    LogWarning(
        "{}: the file itself is a mount point, and its write-ahead log is not on that mount: it is "
        "lost when the two part; mount the directory instead",
        Subject(path));
  }
}

// SQLite deletes the log beside an empty database when it opens that: what was in it would be gone.
Status CheckLostDatabase(const std::string& path) {
  const std::string wal = path + "-wal";

  struct stat info {};

  if (stat(wal.c_str(), &info) != 0 || info.st_size == 0) {
    return {};
  }
  return Error{fmt::format(
      "{}: it is missing or empty, but its write-ahead log '{}' is not; put the database back "
      "beside its log, or move the log away to start anew",
      Subject(path), wal)};
}

Status CheckHeader(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return SystemError("cannot be read", errno).In(Subject(path));
  }
  std::array<char, kMagic.size()> header{};
  const ssize_t got = pread(fd.get(), header.data(), header.size(), 0);
  if (got < 0) {
    return SystemError("cannot be read", errno).In(Subject(path));
  }
  if (std::string_view(header.data(), static_cast<std::size_t>(got)) != kMagic) {
    return Error{fmt::format("{}: the file is not a SQLite database", Subject(path))};
  }
  return {};
}

}  // namespace

Status CheckDatabaseFile(const DatabaseSettings& settings, OpenMode mode) {
  const std::string& path = settings.path;
  if (const Status directory = CheckDirectory(settings, mode); !directory) {
    return directory.error();
  }

  struct stat info {};

  if (stat(path.c_str(), &info) != 0) {
    const int why = errno;
    const Status lost = CheckLostDatabase(path);
    const bool may_create = why == ENOENT && mode == OpenMode::kCreate;
    return !lost || may_create ? lost : SystemError(Subject(path), why);
  }
  if (S_ISDIR(info.st_mode)) {
    return Error{fmt::format("{}: it is a directory", Subject(path))};
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{fmt::format("{}: it is not a regular file", Subject(path))};
  }
  // The files beside it too: a server that ran as root once leaves them as root's, and then
  // everything fails with "readonly database".
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (Status access = CheckAccess(path, path + suffix, mode); !access) {
      return access;
    }
  }
  if (mode == OpenMode::kImmutable) {
    if (Status whole = CheckNothingBeside(path); !whole) {
      return whole;
    }
  }
  if (!OnlyReads(mode)) {
    WarnOfMountPoint(path);
  }
  return info.st_size == 0 ? CheckLostDatabase(path) : CheckHeader(path);
}

}  // namespace sqlicorn
