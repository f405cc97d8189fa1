// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "worker/sqlite/connection.h"

namespace sqlicorn {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kPatience = seconds(30);  // longer than any wait a passing test needs

// A directory of its own for the files of one test.
class TestDirectory {
 public:
  TestDirectory() {
    std::string name = testing::TempDir() + "sqlite_test.XXXXXX";
    path_ = mkdtemp(name.data());
  }

  ~TestDirectory() { std::filesystem::remove_all(path_); }

  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string File(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

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
  return statement.Step() == StepResult::kRow ? std::string(statement.ColumnText(0)) : "no row";
}

}  // namespace sqlicorn
