// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "worker/sqlite/connection.h"

namespace sqlicorn {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPatience = seconds(30);  // longer than any wait a passing test needs

inline std::unique_ptr<Connection> OpenDatabase(const std::string& path) {
  auto connection = Connection::Open(path, OpenMode::kCreate);
  EXPECT_TRUE(connection) << connection.error().message;
  return std::move(connection).value();
}

inline Statement PrepareOn(Connection& connection, std::string_view sql) {
  auto statement = connection.Prepare(sql);
  EXPECT_TRUE(statement) << statement.error().message;
  return std::move(statement).value();
}

// Runs SQL that must succeed.
inline void Must(Connection& connection, const std::string& sql) {
  const SqlStatus status = connection.Execute(sql);
  ASSERT_TRUE(status.ok()) << sql << ": " << status.message();
}

// The first column of the first row.
inline std::string Ask(Connection& connection, std::string_view sql) {
  Statement statement = PrepareOn(connection, sql);
  return statement.Step() == StepResult::kRow ? std::string(statement.column(0).Text()) : "no row";
}

// Whether some connection pins a view of the database at `path`, in a transaction or with a
// Statement left without Reset. Then another one can, by the journal mode, not write, or write but
// not start the log anew. REQUIRES: nobody writes.
inline bool IsPinned(const std::string& path) {
  const auto other = OpenDatabase(path);
  return !other->Execute("PRAGMA user_version = 1").ok() ||
         Ask(*other, "PRAGMA wal_checkpoint(TRUNCATE)") != "0";
}

}  // namespace sqlicorn
