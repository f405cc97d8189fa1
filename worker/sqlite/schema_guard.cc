// SPDX-License-Identifier: MIT
#include "worker/sqlite/schema_guard.h"

#include <strings.h>

#include <string_view>

#include <sqlite3.h>

namespace sqlicorn {
namespace {

// What is wrong with it, or null.
const char* WhyNot(int action, const char* first) {
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return "schema files run in one transaction, which they can neither begin nor end: remove "
             "BEGIN, COMMIT and their kin (the .dump of the sqlite3 program has them)";
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return "schema files are for the database that is served: ATTACH, DETACH and VACUUM are not "
             "allowed";
    case SQLITE_PRAGMA:
      return strcasecmp(first, "wal_checkpoint") == 0 ? "schema files make no checkpoints"
                                                      : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

SchemaGuard::SchemaGuard(sqlite3* db) : db_(db) {
  sqlite3_set_authorizer(db, &SchemaGuard::OnAction, this);
}

SchemaGuard::~SchemaGuard() {
  sqlite3_set_authorizer(db_, nullptr, nullptr);
}

int SchemaGuard::OnAction(void* self, int action, const char* first, const char* /*second*/,
                          const char* /*database*/, const char* /*trigger*/) noexcept {
  const char* const why = WhyNot(action, first == nullptr ? "" : first);
  if (why == nullptr) {
    return SQLITE_OK;
  }
  static_cast<SchemaGuard*>(self)->why_ = why;
  return SQLITE_DENY;
}

std::string SchemaGuard::Explain(const std::string& message) const {
  constexpr std::string_view kTheirs = "not authorized";
  if (why_ == nullptr || !message.starts_with(kTheirs)) {
    return message;
  }
  return why_ + message.substr(kTheirs.size());
}

}  // namespace sqlicorn
