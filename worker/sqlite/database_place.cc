// SPDX-License-Identifier: MIT
#include "worker/sqlite/database_place.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>

#include "common/base/file_key.h"
#include "common/base/log.h"

namespace sqlicorn {
namespace {

// Names the inode of the database that a log belongs to. Written only when that database has been
// replaced, so that logs which are copied or moved with theirs never have it.
constexpr const char* kMark = "user.sqlicorn.log_of";

std::uint64_t InodeOf(const std::string& path) {
  struct stat info {};

  return stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

bool IsEmpty(const std::string& path) {
  struct stat info {};

  return stat(path.c_str(), &info) != 0 || info.st_size == 0;
}

Error Split(const std::string& path, const char* suffix) {
  return Error{fmt::format(
      "database '{0}': '{0}{1}' has been removed or replaced while the database is served; restart "
      "the server, which puts what is in the log into the database",
      path, suffix)};
}

// Another one than before at the same place.
bool Differs(std::uint64_t before, std::uint64_t now) {
  return before != 0 && before != now;
}

bool Shared(std::uint64_t theirs, std::uint64_t here) {
  return here != 0 && theirs == here;
}

}  // namespace

DatabaseFiles FilesAt(const std::string& path) {
  return {FileKeyOf(path), FileKeyOf(path + "-wal"), FileKeyOf(path + "-shm")};
}

Status JudgeFiles(const std::string& path, const DatabaseFiles& here, std::uint64_t expected,
                  std::span<const DatabaseFiles> open) {
  if (Differs(expected, here.database)) {
    return Error{fmt::format(
        "database '{}' has been moved, removed or replaced while it is served; put it back, or "
        "reload the server to serve what is there now",
        path)};
  }
  for (const DatabaseFiles& theirs : open) {
    const bool same = theirs.database == here.database;
    if (same && Differs(theirs.wal, here.wal)) {
      return Split(path, "-wal");
    }
    if (same && Differs(theirs.shm, here.shm)) {
      return Split(path, "-shm");
    }
    if (!same && (Shared(theirs.wal, here.wal) || Shared(theirs.shm, here.shm))) {
      return ForeignLog(path);
    }
  }
  return {};
}

Error ForeignLog(const std::string& path) {
  return Error{fmt::format(
      "database '{0}' has been replaced, and '{0}-wal' and '{0}-shm' belong to the file that was "
      "there before: with them it would be undone or damaged; remove these two, or put the former "
      "file back",
      path)};
}

Status CheckLogIsOurs(const std::string& path) {
  const std::string wal = path + "-wal";
  std::array<char, 32> mark{};
  const ssize_t length = getxattr(wal.c_str(), kMark, mark.data(), mark.size());
  if (length <= 0 || IsEmpty(wal)) {
    return {};
  }
  const std::string_view owner(mark.data(), static_cast<std::size_t>(length));
  return owner == std::to_string(InodeOf(path)) ? Status() : Status(ForeignLog(path));
}

void DatabasePlace::Remember(const std::string& path) {
  path_ = path;
  wal_ = path + "-wal";
  shm_ = path + "-shm";
  files_ = path.empty() ? DatabaseFiles() : FilesAt(path);
  inode_ = InodeOf(path);
  last_ = {};
}

const SqlStatus& DatabasePlace::Look() {
  SqlStatus found = Judge();
  if (last_.ok() && !found.ok()) {
    LogError("database '{}': {}", path_, found.message());
    MarkLog();
  } else if (!last_.ok() && found.ok()) {
    LogInfo("database '{}' is in its place again", path_);
  }
  last_ = std::move(found);
  return last_;
}

SqlStatus DatabasePlace::Judge() const {
  if (Differs(files_.database, FileKeyOf(path_))) {
    return {SQLITE_READONLY_DBMOVED,
            "the database file has been moved, removed or replaced; put it back, or reload the "
            "server to serve what is there now"};
  }
  const bool wal = Differs(files_.wal, FileKeyOf(wal_));
  if (wal || Differs(files_.shm, FileKeyOf(shm_))) {
    return {SQLITE_READONLY_DBMOVED,
            fmt::format("the database's {} file has been removed or replaced; restart the server",
                        wal ? "-wal" : "-shm")};
  }
  return {};
}

void DatabasePlace::MarkLog() const {
  const std::uint64_t now = FileKeyOf(path_);
  if (now != 0 && now != files_.database && Shared(files_.wal, FileKeyOf(wal_))) {
    const std::string owner = std::to_string(inode_);
    // Not every file system can; then the documentation's order of steps is all there is.
    static_cast<void>(setxattr(wal_.c_str(), kMark, owner.data(), owner.size(), 0));
  }
}

}  // namespace sqlicorn
