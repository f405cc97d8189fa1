// SPDX-License-Identifier: MIT
#include "worker/sqlite/sql_status.h"

#include <sqlite3.h>

namespace sqlicorn {
namespace {

struct CodeName {
  int code;
  std::string_view name;
};

// SQLite has no public function that names a code.
#define NAMED(code) \
  { code, #code }
constexpr CodeName kCodeNames[] = {
    NAMED(SQLITE_OK),
    NAMED(SQLITE_ERROR),
    NAMED(SQLITE_INTERNAL),
    NAMED(SQLITE_PERM),
    NAMED(SQLITE_ABORT),
    NAMED(SQLITE_BUSY),
    NAMED(SQLITE_LOCKED),
    NAMED(SQLITE_NOMEM),
    NAMED(SQLITE_READONLY),
    NAMED(SQLITE_INTERRUPT),
    NAMED(SQLITE_IOERR),
    NAMED(SQLITE_CORRUPT),
    NAMED(SQLITE_NOTFOUND),
    NAMED(SQLITE_FULL),
    NAMED(SQLITE_CANTOPEN),
    NAMED(SQLITE_PROTOCOL),
    NAMED(SQLITE_EMPTY),
    NAMED(SQLITE_SCHEMA),
    NAMED(SQLITE_TOOBIG),
    NAMED(SQLITE_CONSTRAINT),
    NAMED(SQLITE_MISMATCH),
    NAMED(SQLITE_MISUSE),
    NAMED(SQLITE_NOLFS),
    NAMED(SQLITE_AUTH),
    NAMED(SQLITE_FORMAT),
    NAMED(SQLITE_RANGE),
    NAMED(SQLITE_NOTADB),
    NAMED(SQLITE_NOTICE),
    NAMED(SQLITE_WARNING),
    NAMED(SQLITE_ROW),
    NAMED(SQLITE_DONE),
    NAMED(SQLITE_ERROR_MISSING_COLLSEQ),
    NAMED(SQLITE_ERROR_RETRY),
    NAMED(SQLITE_ERROR_SNAPSHOT),
    NAMED(SQLITE_IOERR_READ),
    NAMED(SQLITE_IOERR_SHORT_READ),
    NAMED(SQLITE_IOERR_WRITE),
    NAMED(SQLITE_IOERR_FSYNC),
    NAMED(SQLITE_IOERR_DIR_FSYNC),
    NAMED(SQLITE_IOERR_TRUNCATE),
    NAMED(SQLITE_IOERR_FSTAT),
    NAMED(SQLITE_IOERR_UNLOCK),
    NAMED(SQLITE_IOERR_RDLOCK),
    NAMED(SQLITE_IOERR_DELETE),
    NAMED(SQLITE_IOERR_BLOCKED),
    NAMED(SQLITE_IOERR_NOMEM),
    NAMED(SQLITE_IOERR_ACCESS),
    NAMED(SQLITE_IOERR_CHECKRESERVEDLOCK),
    NAMED(SQLITE_IOERR_LOCK),
    NAMED(SQLITE_IOERR_CLOSE),
    NAMED(SQLITE_IOERR_DIR_CLOSE),
    NAMED(SQLITE_IOERR_SHMOPEN),
    NAMED(SQLITE_IOERR_SHMSIZE),
    NAMED(SQLITE_IOERR_SHMLOCK),
    NAMED(SQLITE_IOERR_SHMMAP),
    NAMED(SQLITE_IOERR_SEEK),
    NAMED(SQLITE_IOERR_DELETE_NOENT),
    NAMED(SQLITE_IOERR_MMAP),
    NAMED(SQLITE_IOERR_GETTEMPPATH),
    NAMED(SQLITE_IOERR_CONVPATH),
    NAMED(SQLITE_IOERR_VNODE),
    NAMED(SQLITE_IOERR_AUTH),
    NAMED(SQLITE_IOERR_BEGIN_ATOMIC),
    NAMED(SQLITE_IOERR_COMMIT_ATOMIC),
    NAMED(SQLITE_IOERR_ROLLBACK_ATOMIC),
    NAMED(SQLITE_IOERR_DATA),
    NAMED(SQLITE_IOERR_CORRUPTFS),
    NAMED(SQLITE_LOCKED_SHAREDCACHE),
    NAMED(SQLITE_LOCKED_VTAB),
    NAMED(SQLITE_BUSY_RECOVERY),
    NAMED(SQLITE_BUSY_SNAPSHOT),
    NAMED(SQLITE_BUSY_TIMEOUT),
    NAMED(SQLITE_CANTOPEN_NOTEMPDIR),
    NAMED(SQLITE_CANTOPEN_ISDIR),
    NAMED(SQLITE_CANTOPEN_FULLPATH),
    NAMED(SQLITE_CANTOPEN_CONVPATH),
    NAMED(SQLITE_CANTOPEN_DIRTYWAL),
    NAMED(SQLITE_CANTOPEN_SYMLINK),
    NAMED(SQLITE_CORRUPT_VTAB),
    NAMED(SQLITE_CORRUPT_SEQUENCE),
    NAMED(SQLITE_CORRUPT_INDEX),
    NAMED(SQLITE_READONLY_RECOVERY),
    NAMED(SQLITE_READONLY_CANTLOCK),
    NAMED(SQLITE_READONLY_ROLLBACK),
    NAMED(SQLITE_READONLY_DBMOVED),
    NAMED(SQLITE_READONLY_CANTINIT),
    NAMED(SQLITE_READONLY_DIRECTORY),
    NAMED(SQLITE_ABORT_ROLLBACK),
    NAMED(SQLITE_CONSTRAINT_CHECK),
    NAMED(SQLITE_CONSTRAINT_COMMITHOOK),
    NAMED(SQLITE_CONSTRAINT_FOREIGNKEY),
    NAMED(SQLITE_CONSTRAINT_FUNCTION),
    NAMED(SQLITE_CONSTRAINT_NOTNULL),
    NAMED(SQLITE_CONSTRAINT_PRIMARYKEY),
    NAMED(SQLITE_CONSTRAINT_TRIGGER),
    NAMED(SQLITE_CONSTRAINT_UNIQUE),
    NAMED(SQLITE_CONSTRAINT_VTAB),
    NAMED(SQLITE_CONSTRAINT_ROWID),
    NAMED(SQLITE_CONSTRAINT_PINNED),
    NAMED(SQLITE_CONSTRAINT_DATATYPE),
    NAMED(SQLITE_NOTICE_RECOVER_WAL),
    NAMED(SQLITE_NOTICE_RECOVER_ROLLBACK),
    NAMED(SQLITE_WARNING_AUTOINDEX),
    NAMED(SQLITE_AUTH_USER),
    NAMED(SQLITE_OK_LOAD_PERMANENTLY),
    NAMED(SQLITE_OK_SYMLINK),
};
#undef NAMED

constexpr int Primary(int code) {
  return code & 0xff;
}

std::string_view NameOf(int code) {
  for (const CodeName& entry : kCodeNames) {
    if (entry.code == code) {
      return entry.name;
    }
  }
  return {};
}

}  // namespace

SqlStatus SqlStatus::LastOf(sqlite3* db) {
  const int code = sqlite3_extended_errcode(db);
  if (code == SQLITE_OK) {
    return {};
  }
  if (code == SQLITE_IOERR_GETTEMPPATH) {
    return {code,
            "SQLite finds no directory for temporary files: set SQLITE_TMPDIR to one that can be "
            "written, or the pragma temp_store = \"memory\""};
  }
  return {code, sqlite3_errmsg(db)};
}

SqlStatus SqlStatus::TooBig(std::string message) {
  return {SQLITE_TOOBIG, std::move(message)};
}

SqlStatus SqlStatus::Mismatch(std::string message) {
  return {SQLITE_MISMATCH, std::move(message)};
}

SqlStatus SqlStatus::Interrupted(std::string why) {
  return {SQLITE_INTERRUPT, std::move(why)};
}

SqlStatus SqlStatus::Outdated(const std::string& message) {
  return {SQLITE_SCHEMA, "the schema of the database has changed: " + message};
}

bool SqlStatus::busy() const {
  return Primary(code_) == SQLITE_BUSY || Primary(code_) == SQLITE_PROTOCOL;
}

bool SqlStatus::constraint() const {
  return Primary(code_) == SQLITE_CONSTRAINT;
}

bool SqlStatus::storage() const {
  switch (Primary(code_)) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
      return true;
    default:
      return false;
  }
}

bool SqlStatus::interrupted() const {
  return Primary(code_) == SQLITE_INTERRUPT;
}

bool SqlStatus::outdated() const {
  return Primary(code_) == SQLITE_SCHEMA;
}

// The extended codes of SQLITE_ERROR are about preparing and snapshots.
bool SqlStatus::refuses_value() const {
  return code_ == SQLITE_ERROR || Primary(code_) == SQLITE_MISMATCH ||
         Primary(code_) == SQLITE_TOOBIG;
}

bool SqlStatus::leaves_doubt() const {
  switch (code_) {
    case SQLITE_IOERR:
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_GETTEMPPATH:
      return false;
    default:
      return Primary(code_) == SQLITE_IOERR;
  }
}

bool SqlStatus::stays() const {
  switch (Primary(code_)) {
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_AUTH:
    case SQLITE_TOOBIG:
      return true;
    default:
      return false;
  }
}

std::string_view SqlStatus::name() const {
  if (const std::string_view exact = NameOf(code_); !exact.empty()) {
    return exact;
  }
  const std::string_view primary = NameOf(Primary(code_));
  return primary.empty() ? "SQLITE_UNKNOWN" : primary;
}

}  // namespace sqlicorn
