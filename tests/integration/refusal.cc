// SPDX-License-Identifier: MIT
#include "tests/integration/refusal.h"

#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/matches.h"

namespace sqlicorn {
std::vector<std::string> ErrorLines(const ServerProcess& server) {
  std::istringstream log(server.log());
  std::vector<std::string> lines;
  for (std::string line; std::getline(log, line);) {
    if (!line.starts_with('[')) {
      lines.push_back(line);
    }
  }
  return lines;
}

void ExpectRefusal(Site& site, const std::string& end, const std::string& error) {
  ServerProcess& server = site.server();
  EXPECT_EQ(server.WaitForEnd(), end);
  const std::vector<std::string> lines = ErrorLines(server);
  EXPECT_EQ(lines.size(), 1U) << server.log();
  if (!lines.empty()) {
    EXPECT_TRUE(Matches(lines.front(), "^Error: .*" + error)) << lines.front();
  }
  EXPECT_TRUE(server.alive().empty());
  EXPECT_FALSE(site.dir().Has("pid"));
  EXPECT_FALSE(site.dir().Has("test.db-wal"));
  EXPECT_EQ(server.port(), 0) << "it was bound";
}

void MakeValid(const Site& site) {
  SqliteFile(site.database_path())
      .Run("PRAGMA page_size = 4096; CREATE TABLE note (name TEXT NOT NULL);");
}

}  // namespace sqlicorn
