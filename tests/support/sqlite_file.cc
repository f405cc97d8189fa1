// SPDX-License-Identifier: MIT
#include "tests/support/sqlite_file.h"

#include <gtest/gtest.h>

#include "tests/support/wait_for.h"

namespace sqlicorn {

SqliteFile::SqliteFile(const std::string& path) {
  auto connection = Connection::Open(path, OpenMode::kCreate);
  EXPECT_TRUE(connection) << connection.error().message;
  connection_ = std::move(connection).value();
  connection_->SetBusyWait(BusyWait::kBackoff, kPatience);
}

void SqliteFile::Run(const std::string& sql) {
  const SqlStatus status = connection_->Execute(sql);
  EXPECT_TRUE(status.ok()) << sql << ": " << status.message();
}

std::string SqliteFile::Ask(std::string_view sql) {
  auto statement = connection_->Prepare(sql);
  EXPECT_TRUE(statement) << statement.error().message;
  std::string row;
  if (statement->Step() == StepResult::kRow) {
    for (int i = 0; i < statement->column_count(); ++i) {
      row += (i == 0 ? "" : "|") + std::string(statement->column(i).Text());
    }
  }
  EXPECT_TRUE(statement->status().ok()) << sql << ": " << statement->status().message();
  return row;
}

}  // namespace sqlicorn
