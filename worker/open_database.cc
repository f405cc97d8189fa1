// SPDX-License-Identifier: MIT
#include "worker/open_database.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/sqlite/connection.h"
#include "worker/sqlite/database_place.h"
#include "worker/sqlite/pragmas.h"
#include "worker/sqlite/risks.h"
#include "worker/wal/checkpoints.h"

namespace sqlicorn {
namespace {

// A long read goes over many pages and comes back to few, and there may be many of them.
constexpr std::string_view kSmallCache = "PRAGMA cache_size = -1000;";  // KiB

bool NamesCacheSize(const DatabaseSettings& settings) {
  return std::any_of(settings.pragmas.begin(), settings.pragmas.end(),
                     [](const PragmaSpec& pragma) { return pragma.name == "cache_size"; });
}

std::vector<DatabaseFiles> OpenNow(std::span<const WorkerSlot> slots) {
  std::vector<DatabaseFiles> open;
  for (const WorkerSlot& slot : slots) {
    // Read once: it may be taken back between two looks.
    if (const std::uint64_t database = slot.files.database; database != 0) {
      open.push_back({database, slot.files.wal, slot.files.shm});
    }
  }
  return open;
}

}  // namespace

Status CheckServed(const std::string& path, const ServedFiles& served) {
  Status ours = JudgeFiles(path, FilesAt(path), served.database, OpenNow(served.slots));
  return ours ? CheckLogIsOurs(path) : ours;
}

void Publish(const DatabaseFiles& files, OpenFiles& row) {
  if (files == DatabaseFiles{row.database, row.wal, row.shm}) {
    return;
  }
  // Others read the row while it changes, and must not take the log of one database for that of
  // another: without a database there is nothing to read.
  row.database = 0;
  row.wal = files.wal;
  row.shm = files.shm;
  row.database = files.database;
}

Result<std::unique_ptr<Connection>> OpenServed(const DatabaseSettings& settings,
                                               const ServedFiles& served, OpenFiles& row) {
  // Before: SQLite would make the files that are missing, or play the log of another database into
  // this one.
  if (const Status ours = CheckServed(settings.path, served); !ours) {
    return ours.error();
  }
  auto connection = OpenDatabase(settings);
  if (!connection) {
    return connection.error();
  }
  Publish((*connection)->place().files(), row);
  // Again, for what another has removed or made in between. Two that look at the same instant both
  // have published by now, so that one of them at least sees the other.
  const Status ours = CheckServed(settings.path, served);
  return ours ? std::move(connection) : ours.error();
}

Result<std::unique_ptr<Connection>> OpenDatabase(const DatabaseSettings& settings) {
  auto opened = OpenPlain(settings, settings.path, OpenModeOf(settings.access));
  if (!opened) {
    return opened.error();
  }
  Connection& connection = **opened;
  const auto pragmas = PragmasInForce(settings, LibraryVersionNumber());
  if (Status applied = ApplyPragmas(connection, pragmas, PragmaScope::kConnection); !applied) {
    return applied.error();
  }
  // The first read opens the log. What keeps it from reading is told by whoever reads next.
  static_cast<void>(connection.Execute("PRAGMA schema_version"));
  connection.place().Remember(std::string(connection.path()));
  // Only who may write marks it, and only once it is open: before, there may be no log.
  if (settings.access == DatabaseAccess::kReadWrite) {
    MarkLog(settings.path);
  }
  return opened;
}

Result<std::unique_ptr<Connection>> OpenReader(const DatabaseSettings& settings,
                                               const ServedFiles& served, Connection& first) {
  if (const Status ours = CheckServed(settings.path, served); !ours) {
    return ours.error();
  }
  DatabaseSettings own = settings;
  own.timeout = 0;
  auto opened = OpenDatabase(own);
  if (!opened) {
    return opened.error();
  }
  Connection& connection = **opened;
  if (connection.place().files() != first.place().files()) {
    return Error{"another database has come in its place"};
  }
  connection.SkipCheckpointOnClose();
  std::string script = "PRAGMA query_only = on;";
  if (!NamesCacheSize(settings)) {
    script += kSmallCache;
  }
  const SqlStatus set = connection.Execute(script);
  return set.ok() ? std::move(opened) : Error{set.message()};
}

Result<std::unique_ptr<Connection>> OpenPlain(const DatabaseSettings& settings,
                                              const std::string& path, OpenMode mode) {
  auto opened = Connection::Open(path, mode);
  if (!opened) {
    return opened.error();
  }
  if (settings.double_quoted_text) {
    (*opened)->AllowDoubleQuotedText();
  }
  (*opened)->SetBusyWait(BusyWait::kBackoff, FromSeconds(settings.timeout));
  return opened;
}

BusyWait BusyWaitOf(SchedulerKind scheduler) {
  switch (scheduler) {
    case SchedulerKind::kBusy:
      return BusyWait::kBackoff;
    case SchedulerKind::kConstant:
      return BusyWait::kConstant;
    case SchedulerKind::kNone:
    case SchedulerKind::kRetry:
    case SchedulerKind::kFifo:
    case SchedulerKind::kGroup:
      // Who waits by a timer or in a line must not sleep inside SQLite.
      return BusyWait::kNone;
  }
  return BusyWait::kNone;
}

OpenMode OpenModeOf(DatabaseAccess access) {
  switch (access) {
    case DatabaseAccess::kReadWrite:
      return OpenMode::kReadWrite;
    case DatabaseAccess::kReadOnly:
      return OpenMode::kReadOnly;
    case DatabaseAccess::kImmutable:
      return OpenMode::kImmutable;
  }
  return OpenMode::kReadWrite;
}

}  // namespace sqlicorn
