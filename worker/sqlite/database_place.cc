// SPDX-License-Identifier: MIT
#include "worker/sqlite/database_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <sqlite3.h>

#include "common/base/file_place.h"
#include "common/base/log.h"

namespace sqlicorn {
namespace {

// On a log: who it is and who its database is, as IdentityOf has them. A copy of a log is another
// file than its mark says, so that the mark of a log that was copied with its database says
// nothing.
constexpr const char* kMark = "user.sqlicorn.log_of";

// "inode.birth": inodes are used again, as soon as nobody has the file open. "" = it is not there.
std::string IdentityOf(const std::string& path) {
  struct statx info {};

  if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &info) != 0) {
    return "";
  }
  return fmt::format("{}.{}.{}", info.stx_ino, info.stx_btime.tv_sec, info.stx_btime.tv_nsec);
}

std::string ReadMark(const std::string& wal) {
  std::array<char, 160> mark{};
  const ssize_t length = getxattr(wal.c_str(), kMark, mark.data(), mark.size());
  return {mark.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

std::string MarkFor(const std::string& wal, const std::string& database) {
  return fmt::format("{}:{}", IdentityOf(wal), IdentityOf(database));
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

// Another one than before at the same place. Where none was known before, one that comes is no
// change: a database gets its log and its index when it is first read.
bool Differs(std::uint64_t before, std::uint64_t now) {
  return before != 0 && before != now;
}

bool Shared(std::uint64_t theirs, std::uint64_t here) {
  return here != 0 && theirs == here;
}

}  // namespace

// Asked by name, and nothing is opened: to close a descriptor of the database would drop SQLite's
// locks.
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
  // Two ways in which all is lost: one database with two logs, of which one process does not see
  // what the other commits; and one log for two databases, of which one gets the pages of the
  // other.
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
      "file back; if it is an exact copy of that file: setfattr -x {1} {0}-wal",
      path, kMark)};
}

MarkedLog JudgeMark(const std::string& path) {
  const std::string wal = path + "-wal";
  const std::string mark = ReadMark(wal);
  if (!mark.starts_with(IdentityOf(wal) + ':')) {
    return MarkedLog::kUnknown;
  }
  return mark == MarkFor(wal, path) ? MarkedLog::kOurs : MarkedLog::kForeign;
}

Status CheckLogIsOurs(const std::string& path) {
  const bool foreign = JudgeMark(path) == MarkedLog::kForeign && !IsEmpty(path + "-wal");
  return foreign ? Status(ForeignLog(path)) : Status();
}

void MarkLog(const std::string& path) {
  const std::string wal = path + "-wal";
  if (JudgeMark(path) == MarkedLog::kOurs) {
    return;
  }
  const std::string mark = MarkFor(wal, path);
  // Not every file system can; then the documentation's order of steps is all there is.
  static_cast<void>(setxattr(wal.c_str(), kMark, mark.data(), mark.size(), 0));
}

void DatabasePlace::Remember(const std::string& path) {
  path_ = path;
  wal_ = path + "-wal";
  shm_ = path + "-shm";
  files_ = path.empty() ? DatabaseFiles() : FilesAt(path);
  last_ = {};
}

// Told once for each change: it is asked at each write and four times a second.
const SqlStatus& DatabasePlace::Look() {
  SqlStatus found = Judge();
  if (last_.ok() && !found.ok()) {
    LogError("database '{}': {}", path_, found.message());
  } else if (!last_.ok() && found.ok()) {
    LogInfo("database '{}' is in its place again", path_);
  }
  last_ = std::move(found);
  return last_;
}

bool DatabasePlace::lost_log() const {
  return files_.database != 0 && files_.database == FileKeyOf(path_) &&
         Differs(files_.wal, FileKeyOf(wal_));
}

SqlStatus DatabasePlace::Judge() const {
  if (Differs(files_.database, FileKeyOf(path_))) {
    return {SQLITE_READONLY_DBMOVED,
            "the database file has been moved, removed or replaced; put it back, or reload the "
            "server to serve what is there now"};
  }
  // Restart and not reload: all who have these two open must have closed them before anybody makes
  // them anew.
  const bool wal = Differs(files_.wal, FileKeyOf(wal_));
  if (wal || Differs(files_.shm, FileKeyOf(shm_))) {
    return {SQLITE_READONLY_DBMOVED,
            fmt::format("the database's {} file has been removed or replaced; restart the server",
                        wal ? "-wal" : "-shm")};
  }
  return {};
}

}  // namespace sqlicorn
