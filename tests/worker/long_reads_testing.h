// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/worker/connection_testing.h"
#include "tests/worker/worker_testing.h"
#include "worker/open_database.h"
#include "worker/slice/long_reads.h"

namespace sqlicorn {

// Endpoint 0 counts to :n, and says how many rows the table had when it began; 1 makes n rows.
inline constexpr const char* kLongReadApp = R"toml(
[statements]
count = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT max(i) AS top, (SELECT count(*) FROM t) AS rows FROM n"""
rows = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)
SELECT i, hex(zeroblob(25)) AS pad FROM n LEFT JOIN (SELECT count(*) FROM t)"""
[params.p]
n = { type = "integer", default = 1 }
[[endpoint]]
path = "/count"
params = "p"
transaction = "deferred"
steps = ["count"]
respond = "rows"
[[endpoint]]
path = "/rows"
params = "p"
steps = ["rows"]
respond = "rows"
)toml";

inline constexpr std::int64_t kEndless = 1000000000000;
inline constexpr std::int64_t kLong = 2000000;  // a fraction of a second

class TestRead final : public LongRead, public RowStream {
 public:
  TestRead(std::string name, std::int64_t n, std::string* log)
      : name_(std::move(name)), param_(n), log_(*log) {}

  void RunInSlices(Reader& reader) override {
    reader_ = &reader;
    reader.plans().Mend(endpoint);
    PlanRun run{{&param_, 1}, &rows, 0, streams ? this : nullptr};
    outcome = reader.plans().plan(endpoint).Execute(run);
  }

  // Keeps the rows to itself until it is told to go on.
  bool Send() override {
    ++parts;
    sent += std::exchange(rows, {});
    return reader_->Hold();
  }

  void OnHeld() override { ++held; }

  void BeginSlice() override { ++slices; }

  void EndSlice() override {}

  void End(std::optional<Outcome> instead) override {
    if (instead) {
      outcome = *std::move(instead);
    }
    ended = true;
    log_ += name_;
  }

  Outcome outcome;
  std::string rows;
  std::string sent;
  std::size_t endpoint = 0;
  int slices = 0;
  int parts = 0;
  int held = 0;
  bool streams = false;
  bool ended = false;

 private:
  Reader* reader_ = nullptr;
  const std::string name_;
  const BoundParam param_;
  std::string& log_;
};

class LongReadsTest : public testing::Test {
 protected:
  explicit LongReadsTest(const std::string& journal_mode = "wal")
      : config_(
            ConfigOf("database.path = \"t.db\"\n" + std::string(kLongReadApp), directory_.path())),
        main_(OpenDatabase(config_.database.path)) {
    Must(*main_, "PRAGMA journal_mode = " + journal_mode +
                     "; CREATE TABLE t (v); INSERT INTO t VALUES (1)");
    main_->place().Remember(config_.database.path);
  }

  LongReads& Make(std::size_t most = 8) {
    return reads_.emplace(LongReads::Parts{loop_, config_, *main_,
                                           [this] {
                                             ++opened_;
                                             return OpenReader(config_.database, {}, *main_);
                                           }},
                          LongReads::Options{most, milliseconds(1), seconds(20)});
  }

  void UntilSuspended(const TestRead& read) {
    RunUntil(loop_, [&read] { return read.slices > 1; });
    EXPECT_FALSE(read.ended);
  }

  TempDir directory_;
  ServerConfig config_;
  std::string log_;  // the names of those that have ended
  int opened_ = 0;
  std::unique_ptr<Connection> main_;
  Loop loop_;
  std::optional<LongReads> reads_;
  RoundHook round_end_{loop_, [this] {
                         if (reads_) {
                           reads_->OnRoundEnd();
                         }
                       }};
};

}  // namespace sqlicorn
