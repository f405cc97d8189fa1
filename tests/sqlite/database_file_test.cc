// SPDX-License-Identifier: MIT
#include "worker/sqlite/database_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/sqlite/test_database.h"

namespace sqlicorn {
namespace {

namespace fs = std::filesystem;

std::string Check(const std::string& path, OpenMode mode = OpenMode::kCreate) {
  DatabaseSettings settings;
  settings.path = path;
  const Status checked = CheckDatabaseFile(settings, mode);
  return checked ? "" : checked.error().message;
}

// Root may write everywhere; nobody may not.
class AsNobody {
 public:
  AsNobody() { EXPECT_TRUE(geteuid() != 0 || seteuid(65534) == 0); }

  ~AsNobody() { EXPECT_TRUE(getuid() != 0 || seteuid(0) == 0); }

  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
};

class DatabaseFile : public testing::Test {
 protected:
  void Write(const std::string& content) { ASSERT_TRUE(WriteFile(path_, content)); }

  TempDir directory_;
  const std::string path_ = directory_.File("x.db");
  const std::string subject_ = "database '" + path_ + "': ";
};

TEST_F(DatabaseFile, IsFineWhenItCanBeCreated) {
  EXPECT_EQ(Check(path_), "");
  Write("");
  EXPECT_EQ(Check(path_), "");
}

TEST_F(DatabaseFile, IsFineWhenSqliteWroteIt) {
  Must(*OpenDatabase(path_), "CREATE TABLE t (a)");
  EXPECT_EQ(Check(path_), "");
  EXPECT_EQ(Check(path_, OpenMode::kReadWrite), "");
}

TEST_F(DatabaseFile, MustExistUnlessItMayBeCreated) {
  EXPECT_EQ(Check(path_, OpenMode::kReadWrite), subject_ + "No such file or directory");
}

TEST_F(DatabaseFile, NeedsItsDirectory) {
  const std::string lost = directory_.File("no/x.db");
  EXPECT_EQ(Check(lost), "database '" + lost + "': directory '" + directory_.File("no") +
                             "': No such file or directory");
}

TEST_F(DatabaseFile, NeedsADirectoryAboveIt) {
  Write("");
  EXPECT_EQ(Check(path_ + "/y.db"),
            "database '" + path_ + "/y.db': '" + path_ + "' is not a directory");
}

TEST_F(DatabaseFile, IsNoDirectoryAndNoDevice) {
  fs::create_directory(path_);
  EXPECT_EQ(Check(path_), subject_ + "it is a directory");
  fs::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(Check(path_), subject_ + "it is not a regular file");
}

TEST_F(DatabaseFile, HasTheHeaderOfADatabase) {
  for (const std::string& content : {std::string("x"), std::string(8192, 'x')}) {
    Write(content);
    EXPECT_EQ(Check(path_), subject_ + "the file is not a SQLite database");
  }
}

TEST_F(DatabaseFile, IsNotLostFromItsLog) {
  ASSERT_TRUE(WriteFile(path_ + "-wal", "frames"));
  const std::string error =
      subject_ + "it is missing or empty, but its write-ahead log '" + path_ +
      "-wal' is not; put the database back beside its log, or move the log away to start anew";
  EXPECT_EQ(Check(path_), error);
  EXPECT_EQ(Check(path_, OpenMode::kReadWrite), error);
  Write("");
  EXPECT_EQ(Check(path_), error);
}

TEST_F(DatabaseFile, NeedsADirectoryThatCanBeWritten) {
  chmod(directory_.path().c_str(), 0555);
  {
    const AsNobody nobody;
    EXPECT_EQ(Check(path_), subject_ + "cannot create files in directory '" + directory_.path() +
                                "', as SQLite must: Permission denied" +
                                std::string(kReadOnlyHint));
    EXPECT_EQ(Check(path_, OpenMode::kReadOnly), subject_ + "No such file or directory");
  }
  chmod(directory_.path().c_str(), 0755);
}

TEST_F(DatabaseFile, MustBeWritable) {
  Must(*OpenDatabase(path_), "CREATE TABLE t (a)");
  chmod(directory_.path().c_str(), 0777);
  chmod(path_.c_str(), 0444);
  const AsNobody nobody;
  const std::string error = Check(path_);
  if (getuid() == 0) {
    const std::string words = "uid 65534 cannot read and write '" + path_ + "', which belongs to ";
    EXPECT_NE(error.find(words), std::string::npos) << error;
    EXPECT_NE(error.find(", mode 0444); chown 65534 '" + path_ + "'"), std::string::npos) << error;
  } else {
    EXPECT_EQ(error, subject_ + "cannot be read and written: Permission denied" +
                         std::string(kReadOnlyHint));
  }
  EXPECT_TRUE(error.ends_with(kReadOnlyHint)) << error;
  EXPECT_EQ(Check(path_, OpenMode::kReadOnly), "");
  const auto opened = Connection::Open(path_, OpenMode::kReadWrite);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "cannot open database '" + path_ +
                                        "': the file cannot be written by this user" +
                                        std::string(kReadOnlyHint));
  EXPECT_TRUE(Connection::Open(path_, OpenMode::kReadOnly));
}

TEST_F(DatabaseFile, HasNothingBesideItThatImmutableWouldOverlook) {
  Must(*OpenDatabase(path_), "CREATE TABLE t (a)");
  for (const std::string suffix : {"-wal", "-journal"}) {
    ASSERT_TRUE(WriteFile(path_ + suffix, ""));
    EXPECT_EQ(Check(path_, OpenMode::kImmutable), "");
    ASSERT_TRUE(WriteFile(path_ + suffix, "pages"));
    EXPECT_NE(Check(path_, OpenMode::kImmutable).find("'" + path_ + suffix + "' is not empty"),
              std::string::npos);
    fs::remove(path_ + suffix);
  }
}

// What would end or change the name in the URI that says so.
TEST_F(DatabaseFile, IsOpenedImmutableUnderAnyName) {
  const std::string path = directory_.File("50%25 a?b#c=\xc3\xa4.db");
  Must(*OpenDatabase(path), "CREATE TABLE t (a)");
  const auto opened = Connection::Open(path, OpenMode::kImmutable);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)->path(), path);
  EXPECT_EQ(Ask(**opened, "SELECT count(*) FROM t"), "0");
  EXPECT_FALSE((*opened)->Execute("INSERT INTO t VALUES (1)").ok());
}

}  // namespace
}  // namespace sqlicorn
