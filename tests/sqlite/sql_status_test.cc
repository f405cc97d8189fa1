// SPDX-License-Identifier: MIT
#include "worker/sqlite/sql_status.h"

#include <string_view>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

struct Case {
  int code;
  std::string_view name;
  bool busy;
  bool constraint;
  bool doubt = false;
};

// The numbers are SQLite's file-format-stable result codes (sqlite.org/rescode.html).
constexpr Case kCases[] = {
    {5, "SQLITE_BUSY", true, false},
    {261, "SQLITE_BUSY_RECOVERY", true, false},
    {517, "SQLITE_BUSY_SNAPSHOT", true, false},
    {6, "SQLITE_LOCKED", false, false},
    {262, "SQLITE_LOCKED_SHAREDCACHE", false, false},
    {19, "SQLITE_CONSTRAINT", false, true},
    {2067, "SQLITE_CONSTRAINT_UNIQUE", false, true},
    {11, "SQLITE_CORRUPT", false, false},
    {15, "SQLITE_PROTOCOL", true, false},
    {266, "SQLITE_IOERR_READ", false, false},
    {778, "SQLITE_IOERR_WRITE", false, false},
    {1034, "SQLITE_IOERR_FSYNC", false, false, true},
    {2058, "SQLITE_IOERR_UNLOCK", false, false, true},
    {5 | (250 << 8), "SQLITE_BUSY", true, false},
    {99, "SQLITE_UNKNOWN", false, false},
};

TEST(SqlStatus, ClassifiesAndNamesExtendedCodes) {
  for (const Case& c : kCases) {
    const SqlStatus status(c.code, "message");
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.name(), c.name);
    EXPECT_EQ(status.busy(), c.busy) << c.name;
    EXPECT_EQ(status.constraint(), c.constraint) << c.name;
    EXPECT_EQ(status.leaves_doubt(), c.doubt) << c.name;
  }
}

TEST(SqlStatus, KnowsWhatStaysWrong) {
  for (const int code : {1, 18, 19, 2067, 23, 25}) {
    EXPECT_TRUE(SqlStatus(code, "").stays()) << code;
  }
  for (const int code : {0, 5, 7, 10, 13, 14, 17}) {
    EXPECT_FALSE(SqlStatus(code, "").stays()) << code;
  }
}

TEST(SqlStatus, IsSuccessWithoutAMessageAtFirst) {
  const SqlStatus status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.name(), "SQLITE_OK");
}

}  // namespace
}  // namespace sqlicorn
