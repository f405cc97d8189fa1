// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <deque>
#include <string>

#include "tests/worker/queue_testing.h"

namespace sqlicorn {

// Jobs "a", "b", … on the workers of one house.
class QueueTest {
 public:
  explicit QueueTest(const QueueScheduler::Options& options = QueueHouse::Group(),
                     const std::string& journal_mode = "wal")
      : house("PRAGMA journal_mode = " + journal_mode + "; CREATE TABLE t (v INTEGER UNIQUE)",
              options) {}

  SqlJob& Make(const std::string& sql, std::size_t slot = 0) {
    const auto name = static_cast<char>('a' + jobs.size());
    return jobs.emplace_back(*house.worker(slot).connection, sql, log, std::string(1, name));
  }

  SqlJob& Write(std::size_t slot = 0) {
    return Submit(Make("INSERT INTO t VALUES (" + std::to_string(jobs.size()) + ")", slot), slot);
  }

  SqlJob& Submit(SqlJob& job, std::size_t slot = 0) {
    house.scheduler(slot).Write(job);
    return job;
  }

  SqlJob& Read(std::size_t slot = 0) {
    SqlJob& job = Make("SELECT count(*) FROM t", slot);
    house.scheduler(slot).Read(job);
    return job;
  }

  bool AllAnswered() {
    return house.RunUntil([this] {
      return std::all_of(jobs.begin(), jobs.end(), [](auto& job) { return job.answers > 0; });
    });
  }

  // The jobs in the order in which they ran.
  [[nodiscard]] std::string Runs() const {
    std::string names;
    for (std::size_t i = 0; i + 1 < log.size(); i += 2) {
      names += log[i] == '+' ? log.substr(i + 1, 1) : "";
    }
    return names;
  }

  std::string Rows() { return house.file.Ask("SELECT count(*) FROM t"); }

  JobLog log;
  std::deque<SqlJob> jobs;
  QueueHouse house;
};

}  // namespace sqlicorn
