// SPDX-License-Identifier: MIT
#include "worker/sqlite/lock_holders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/unique_fd.h"
#include "worker/sqlite/database_place.h"

namespace sqlicorn {
namespace {

// Where SQLite puts its locks: the shared range of the database (os.h of SQLite), and the byte that
// says that somebody uses an index (os_unix.c).
constexpr std::uint64_t kSharedFirst = 0x40000000 + 2;
constexpr std::uint64_t kSharedLast = kSharedFirst + 509;
constexpr std::uint64_t kIndexInUse = 128;

constexpr Duration kPatience = std::chrono::milliseconds(500);
constexpr Duration kPause = std::chrono::milliseconds(10);

// One line: "7: POSIX  ADVISORY  READ 1234 fe:00:5678 128 128". A waiting one has "->" for a kind.
struct Lock {
  std::string number;
  std::string kind;
  std::string rule;
  std::string access;
  pid_t pid = 0;
  std::string place;
  std::uint64_t first = 0;
  std::uint64_t last = UINT64_MAX;  // "EOF", which is no number

  [[nodiscard]] bool Covers(std::uint64_t from, std::uint64_t to) const {
    return first <= to && last >= from;
  }
};

// Bytes 18 and 19 of a database: 2 where it has a write-ahead log.
bool IsInWalMode(const std::string& path) {
  // What stands there may be a pipe: it is refused later, and must not be waited for here.
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 2> versions{};
  return fd && pread(fd.get(), versions.data(), versions.size(), 18) == 2 && versions[0] == 2;
}

// A process that is in the one set and not in the other; 0 = there is none.
pid_t OnlyIn(const std::set<pid_t>& one, const std::set<pid_t>& other) {
  const auto found =
      std::find_if(one.begin(), one.end(), [&](pid_t pid) { return !other.contains(pid); });
  return found == one.end() ? 0 : *found;
}

LockHolders HoldersAt(const std::string& path) {
  const auto locks = ReadFile("/proc/locks");
  // Nobody, where it is hidden from us.
  return locks ? ReadLockHolders(*locks, LockPlaceOf(path), LockPlaceOf(path + "-shm"))
               : LockHolders();
}

// Who has the log of the database that is not there any more; 0 = nobody.
// Whoever has a database in WAL mode open holds a lock on its index too, unless he has all of it to
// himself: a lock on the database without one on the index that is there is on another index.
pid_t HolderOfLostLog(const std::string& path, LockHolders holders) {
  std::erase_if(holders.database, [&](pid_t pid) { return holders.exclusive.contains(pid); });
  if (access((path + "-wal").c_str(), F_OK) == 0) {
    return OnlyIn(holders.database, holders.index);
  }
  return holders.database.empty() ? 0 : *holders.database.begin();
}

Status Judge(const std::string& path) {
  LockHolders holders = HoldersAt(path);
  if (const pid_t pid = OnlyIn(holders.index, holders.database); pid != 0) {
    switch (JudgeMark(path)) {
      case MarkedLog::kOurs:  // it has dropped its own lock by reading the file itself
        break;
      case MarkedLog::kForeign:
        return ForeignLog(path);
      case MarkedLog::kUnknown:
        return Error{fmt::format(
            "process {1} uses '{0}-shm' and holds no lock on '{0}': either the database has been "
            "replaced under it, or it has read the file by other means than SQLite, which drops "
            "its "
            "locks; end that process first",
            path, pid)};
    }
  }
  const pid_t apart = HolderOfLostLog(path, std::move(holders));
  if (apart == 0) {
    return {};
  }
  return Error{fmt::format(
      "database '{0}' is open in process {1}, and its log ('{0}-wal', '{0}-shm') has been removed "
      "or replaced meanwhile: what is written now would be lost. End that process first; as the "
      "last one to close the database it puts what is in the log into it",
      path, apart)};
}

}  // namespace

std::string LockPlaceOf(const std::string& path) {
  struct stat info {};

  return stat(path.c_str(), &info) == 0
             ? fmt::format("{:02x}:{:02x}:{}", major(info.st_dev), minor(info.st_dev), info.st_ino)
             : "";
}

LockHolders ReadLockHolders(std::string_view locks, std::string_view database,
                            std::string_view index) {
  LockHolders holders;
  std::istringstream lines{std::string(locks)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Lock lock;
    words >> lock.number >> lock.kind >> lock.rule >> lock.access >> lock.pid >> lock.place >>
        lock.first;
    const bool whole = !words.fail();  // asked before the last number, which may be "EOF"
    if (std::uint64_t last = 0; words >> last) {
      lock.last = last;
    }
    // Locks of open file descriptions (OFDLCK) are no process', and not SQLite's.
    if (!whole || lock.kind != "POSIX" || lock.pid <= 0 || lock.pid == getpid()) {
      continue;
    }
    if (lock.place == index && lock.Covers(kIndexInUse, kIndexInUse)) {
      holders.index.insert(lock.pid);
    }
    if (lock.place == database && lock.Covers(kSharedFirst, kSharedLast)) {
      holders.database.insert(lock.pid);
      if (lock.access == "WRITE") {
        holders.exclusive.insert(lock.pid);
      }
    }
  }
  return holders;
}

bool IsLogInUse(const std::string& path) {
  const LockHolders holders = HoldersAt(path);
  return !holders.index.empty() && OnlyIn(holders.index, holders.database) == 0;
}

Status CheckSharedLog(const std::string& path) {
  if (!IsInWalMode(path)) {
    return {};
  }
  // SQLite takes the two locks one after the other when it opens, and drops them so when it closes:
  // who is seen with one of them is in the middle of that, most often.
  const TimePoint deadline = Clock::now() + kPatience;
  Status judged = Judge(path);
  while (!judged && Clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    judged = Judge(path);
  }
  return judged;
}

}  // namespace sqlicorn
