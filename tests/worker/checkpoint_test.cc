// SPDX-License-Identifier: MIT
#include <poll.h>

#include <filesystem>
#include <ostream>

#include <gtest/gtest.h>

#include "common/base/log.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "worker/sqlite/connection.h"
#include "worker/wal/checkpoints.h"
#include "worker/wal/log_rescue.h"

namespace sqlicorn {
namespace {

constexpr int kFixed = 3053002;
constexpr int kBuggy = 3040001;

DatabaseSettings Settings(std::vector<PragmaSpec> pragmas = {{"journal_mode", "wal", {}}}) {
  DatabaseSettings settings;
  settings.pragmas = std::move(pragmas);
  return settings;
}

TEST(CheckpointPolicy, IsApartForWritersInLineAndAFixedLibrary) {
  for (const SchedulerKind scheduler :
       {SchedulerKind::kNone, SchedulerKind::kBusy, SchedulerKind::kConstant, SchedulerKind::kRetry,
        SchedulerKind::kFifo, SchedulerKind::kGroup}) {
    DatabaseSettings settings = Settings();
    settings.scheduler = scheduler;
    const bool in_line = scheduler == SchedulerKind::kFifo || scheduler == SchedulerKind::kGroup;
    EXPECT_EQ(CheckpointPolicyOf(settings, kFixed).apart, in_line);
    EXPECT_FALSE(CheckpointPolicyOf(settings, kBuggy).apart);
  }
}

TEST(CheckpointPolicy, IsInlineWhereTheSettingsSaySo) {
  DatabaseSettings settings = Settings();
  settings.checkpointer = CheckpointerKind::kInline;
  EXPECT_FALSE(CheckpointPolicyOf(settings, kFixed).apart);
  EXPECT_FALSE(CheckpointPolicyOf(Settings({}), kFixed).apart) << "not in WAL mode";
  EXPECT_FALSE(
      CheckpointPolicyOf(Settings({{"journal_mode", "wal", {}}, {"locking_mode", "exclusive", {}}}),
                         kFixed)
          .apart)
      << "nobody else can open the database";
}

TEST(CheckpointPolicy, RespectsWalAutocheckpoint) {
  const auto of = [](const char* pages) {
    return CheckpointPolicyOf(
        Settings({{"journal_mode", "wal", {}}, {"wal_autocheckpoint", pages, {}}}), kFixed);
  };
  EXPECT_EQ(CheckpointPolicyOf(Settings(), kFixed).pages, 1000);
  EXPECT_EQ(of("250").pages, 250);
  EXPECT_TRUE(of("250").apart);
  EXPECT_EQ(of("0").pages, 0);
  EXPECT_FALSE(of("0").apart);
}

TEST(PragmasInForce, KeepTheLogShortWhereACheckpointIsPartOfATurn) {
  const auto pages = [](SchedulerKind scheduler, int library, const DatabaseSettings& base) {
    DatabaseSettings settings = base;
    settings.scheduler = scheduler;
    const auto pragmas = PragmasInForce(settings, library);
    return pragmas.back().name == "wal_autocheckpoint" ? pragmas.back().value : "SQLite's own";
  };
  EXPECT_EQ(pages(SchedulerKind::kGroup, kBuggy, Settings()), "250");
  EXPECT_EQ(pages(SchedulerKind::kFifo, kBuggy, Settings()), "250");
  EXPECT_EQ(pages(SchedulerKind::kGroup, kFixed, Settings()), "SQLite's own") << "apart";
  EXPECT_EQ(pages(SchedulerKind::kBusy, kBuggy, Settings()), "SQLite's own");
  EXPECT_EQ(pages(SchedulerKind::kGroup, kBuggy, Settings({{"journal_mode", "delete", {}}})),
            "SQLite's own");
  EXPECT_EQ(pages(SchedulerKind::kGroup, kBuggy,
                  Settings({{"journal_mode", "wal", {}}, {"wal_autocheckpoint", "2000", {}}})),
            "2000");
}

// A connection whose every write adds about three pages to its log.
class Wal : public testing::Test {
 protected:
  Wal() {
    connection_ = Connection::Open(path_, OpenMode::kCreate).value();
    Do("PRAGMA journal_mode = wal; PRAGMA synchronous = off; CREATE TABLE note (text TEXT); PRAGMA "
       "wal_checkpoint");
    before_ = DatabaseBytes();
  }

  void Do(const std::string& sql) { ASSERT_TRUE(connection_->Execute(sql).ok()) << sql; }

  void Write(int times) {
    for (int i = 0; i < times; ++i) {
      Do("INSERT INTO note VALUES (hex(zeroblob(4000)))");
    }
  }

  [[nodiscard]] std::uintmax_t DatabaseBytes() const { return std::filesystem::file_size(path_); }

  [[nodiscard]] std::uintmax_t WalPages() const {
    return std::filesystem::file_size(path_ + "-wal") / 4096;
  }

  [[nodiscard]] bool Copied() const { return DatabaseBytes() > before_; }

  static bool Rung(const Doorbell& bell) {
    pollfd look{bell.fd(), POLLIN, 0};
    return poll(&look, 1, 0) == 1;
  }

  // What `times` writes say on stderr.
  std::string LogOf(int times) {
    testing::internal::CaptureStderr();
    Write(times);
    return testing::internal::GetCapturedStderr();
  }

  TempDir directory_;
  const std::string path_ = directory_.File("t.db");
  std::unique_ptr<Connection> connection_;
  std::uintmax_t before_ = 0;
};

TEST_F(Wal, IsCutByTheCommitThatMakesItTooLong) {
  const WalGuard guard(*connection_, {.pages = 20, .apart = false}, nullptr);
  Write(2);
  EXPECT_FALSE(Copied());
  Write(50);
  EXPECT_TRUE(Copied());
  EXPECT_LT(WalPages(), 30);
}

TEST_F(Wal, IsLeftToTheCheckpointerUntilItIsFourTimesTooLong) {
  const auto bell = Doorbell::Create();
  const WalGuard guard(*connection_, {.pages = 20, .apart = true}, &*bell);
  Write(2);
  EXPECT_FALSE(Rung(*bell));
  Write(10);
  EXPECT_TRUE(Rung(*bell));
  EXPECT_FALSE(Copied());
  Write(100);
  EXPECT_TRUE(Copied()) << "the checkpointer is gone, and nobody else cut it";
  EXPECT_LT(WalPages(), 100);
}

TEST_F(Wal, IsNeverCutWithoutAutocheckpoint) {
  const WalGuard guard(*connection_, {.pages = 0, .apart = false}, nullptr);
  Do("PRAGMA wal_autocheckpoint = 0");
  Write(100);
  EXPECT_FALSE(Copied());
}

TEST_F(Wal, ThatAReaderKeepsIsTalkedOfOnce) {
  const WalGuard guard(*connection_, {.pages = 5, .starved_pages = 40, .apart = false}, nullptr);
  SqliteFile reader(path_);
  reader.Run("BEGIN; SELECT count(*) FROM note");
  Write(5);
  const std::string log = LogOf(50);
  EXPECT_NE(log.find("[WARNING] The write-ahead log has grown to 4"), std::string::npos) << log;
  EXPECT_EQ(LogOf(50), "");
  reader.Run("COMMIT");
  Write(5);
  reader.Run("BEGIN; SELECT count(*) FROM note");
  EXPECT_NE(LogOf(50).find("[WARNING] The write-ahead log"), std::string::npos);
  reader.Run("COMMIT");
}

TEST(LogRescue, CopiesAtTheSecondOfItsOwnLooksAlthoughAWriteHasLookedBefore) {
  const TempDir dir;
  const std::string path = dir.File("x.db");
  auto connection = Connection::Open(path, OpenMode::kCreate).value();
  ASSERT_TRUE(connection
                  ->Execute("PRAGMA journal_mode = wal; CREATE TABLE t (a); "
                            "INSERT INTO t VALUES (randomblob(100000))")
                  .ok());
  connection->place().Remember(path);
  LogRescue rescue(*connection);
  rescue.Look();
  const auto size = std::filesystem::file_size(path);
  std::filesystem::remove(path + "-wal");
  EXPECT_FALSE(connection->place().Look().ok());
  rescue.Look();
  EXPECT_EQ(std::filesystem::file_size(path), size) << "others may not have looked yet";
  rescue.Look();
  EXPECT_GT(std::filesystem::file_size(path), size + 100000);
}

}  // namespace
}  // namespace sqlicorn
