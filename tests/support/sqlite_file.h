// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "worker/sqlite/connection.h"

namespace sqlicorn {

// The database of a server as the test process sees it: a second, foreign connection, to look at
// rows or to hold a lock. Waits for locks as long as a test may; SQL that fails fails the test.
class SqliteFile {
 public:
  // Creates the file if need be.
  explicit SqliteFile(const std::string& path);

  void Run(const std::string& sql);

  // The first row, columns joined by '|'; "" when there is none.
  [[nodiscard]] std::string Ask(std::string_view sql);

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace sqlicorn
