// SPDX-License-Identifier: MIT
#include <deque>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worker/queue_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kSchema =
    "PRAGMA journal_mode = wal; PRAGMA synchronous = off;"
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER UNIQUE,"
    " parent REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED);"
    "CREATE TRIGGER no_13 BEFORE INSERT ON t WHEN new.v % 13 = 0 "
    "BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END;"
    "CREATE TRIGGER no_11 BEFORE UPDATE ON t WHEN new.v % 11 = 0 "
    "BEGIN SELECT RAISE(ABORT, 'refused'); END";

// Any of these may succeed or fail, by what came before it.
std::string RandomSql(std::minstd_rand& random) {
  const auto number = [&random] { return std::to_string(random() % 40); };
  switch (random() % 7) {
    case 0:
      return "INSERT OR ROLLBACK INTO t (v) VALUES (" + number() + ")";
    case 1:
      return "INSERT INTO t (v, parent) VALUES (" + number() + ", " + number() + ")";
    case 2:
      return "UPDATE t SET v = v + 1 WHERE id = " + number();
    case 3:
      return "DELETE FROM t WHERE v = " + number();
    case 4:
      return "INSERT INTO t (v) VALUES (" + number() + "); UPDATE t SET v = v + 3 WHERE v < " +
             number();
    default:
      return "INSERT INTO t (v) VALUES (" + number() + ")";
  }
}

struct Seen {
  std::vector<std::string> answers;
  std::string table;

  bool operator==(const Seen&) const = default;
};

Seen RunAll(unsigned seed, std::size_t max_batch) {
  auto options = QueueHouse::Group();
  options.max_batch = max_batch;
  QueueHouse house(kSchema, options);
  std::minstd_rand random(seed + 1);
  JobLog log;
  std::deque<SqlJob> jobs;
  for (int i = 0; i < 60; ++i) {
    SqlJob& job = jobs.emplace_back(*house.worker(0).connection, RandomSql(random), log);
    job.autocommits = false;
    house.scheduler().Write(job);
  }
  EXPECT_TRUE(house.RunUntil([&] { return jobs.back().answers > 0; }));
  Seen seen;
  for (const SqlJob& job : jobs) {
    EXPECT_EQ(job.answers, 1);
    seen.answers.push_back(std::string(job.outcome.status.name()) + job.outcome.status.message());
  }
  seen.table = house.file.Ask(
      "SELECT group_concat(id || ':' || v || ':' || ifnull(parent, '')) "
      "FROM (SELECT * FROM t ORDER BY id)");
  return seen;
}

TEST(GroupCommit, AnswersAndWritesWhatOneByOneWould) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const Seen one_by_one = RunAll(seed, 1);
    const Seen grouped = RunAll(seed, 64);
    const Seen small_groups = RunAll(seed, 5);
    EXPECT_EQ(grouped.answers, one_by_one.answers) << "seed " << seed;
    EXPECT_EQ(grouped.table, one_by_one.table) << "seed " << seed;
    EXPECT_EQ(small_groups, one_by_one) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sqlicorn
