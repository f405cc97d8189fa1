// SPDX-License-Identifier: MIT
#include "worker/open_database.h"

#include "worker/sqlite/library.h"
#include "worker/sqlite/pragmas.h"
#include "worker/wal/checkpoint_policy.h"

namespace sqlicorn {

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
  if (settings.access == DatabaseAccess::kReadWrite) {
    MarkLog(settings.path);
  }
  return opened;
}

}  // namespace sqlicorn
