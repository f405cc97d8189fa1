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

#include "common/base/unique_fd.h"
#include "worker/sqlite/risks.h"

namespace sqlicorn {
namespace {

std::string Subject(const std::string& path) {
  return fmt::format("database '{}'", path);
}

Status CheckDirectory(const DatabaseSettings& settings) {
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
  if (faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return SystemError(
               fmt::format("cannot create files in directory '{}', as SQLite must", directory),
               errno)
        .In(Subject(path));
  }

  struct statfs file_system {};

  if (statfs(directory.c_str(), &file_system) != 0) {
    return SystemError(fmt::format("directory '{}'", directory), errno).In(Subject(path));
  }
  return CheckFileSystem(settings, static_cast<std::uint32_t>(file_system.f_type));
}

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
  if (const Status directory = CheckDirectory(settings); !directory) {
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
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0) {
    return SystemError("cannot be read and written", errno).In(Subject(path));
  }
  return info.st_size == 0 ? CheckLostDatabase(path) : CheckHeader(path);
}

}  // namespace sqlicorn
