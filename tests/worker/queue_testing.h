// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "common/uv/watchers.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_for.h"
#include "tests/worker/job_testing.h"
#include "worker/turn/queue_scheduler.h"

namespace sqlicorn {

// Workers of one database on one loop: a connection and a scheduler each.
class QueueHouse {
 public:
  static constexpr std::size_t kWorkers = 2;

  struct Worker {
    std::unique_ptr<Connection> connection;
    TransactionStatements statements;
    std::unique_ptr<WorkerCounters> counters;
    std::unique_ptr<QueueScheduler> scheduler;
  };

  QueueHouse(const std::string& schema, const QueueScheduler::Options& options)
      : file(directory.File("t.db")), shared_(SharedWriteQueue::Create(kWorkers).value()) {
    file.Run(schema);
    for (std::size_t slot = 0; slot < kWorkers; ++slot) {
      auto connection = Connection::Open(directory.File("t.db"), OpenMode::kReadWrite).value();
      EXPECT_TRUE(connection->Execute("PRAGMA foreign_keys = on; PRAGMA synchronous = off").ok());
      auto statements = TransactionStatements::Prepare(*connection).value();
      workers_.push_back(
          std::make_unique<Worker>(Worker{std::move(connection), std::move(statements),
                                          std::make_unique<WorkerCounters>(), nullptr}));
      Worker& worker = *workers_.back();
      QueueScheduler::Options own = options;
      own.self = slot;
      worker.scheduler = std::make_unique<QueueScheduler>(
          QueueScheduler::Parts{loop_, shared_, *worker.connection, worker.statements,
                                *worker.counters},
          own);
    }
  }

  static QueueScheduler::Options Group() {
    return {.self = 0,
            .max_batch = 64,
            .max_hold = std::chrono::seconds(10),
            .patience = kPatience,
            .queue_timeout = kPatience,
            .max_pending = 1000};
  }

  Worker& worker(std::size_t slot) { return *workers_.at(slot); }

  QueueScheduler& scheduler(std::size_t slot = 0) { return *worker(slot).scheduler; }

  // Runs the loop until `done` holds; false when it did not in time.
  bool RunUntil(const std::function<bool()>& done, Duration limit = kPatience) {
    const TimePoint deadline = Clock::now() + limit;
    bool held = done();
    Timer look(loop_, [&] {
      held = done();
      if (held || Clock::now() >= deadline) {
        loop_.Stop();
      }
    });
    if (!held) {
      look.Start(std::chrono::milliseconds(1), std::chrono::milliseconds(1));
      loop_.Run();
    }
    return held;
  }

  void RunFor(Duration time) {
    static_cast<void>(RunUntil([] { return false; }, time));
  }

  TempDir directory;
  SqliteFile file;  // of a program outside the queue

 private:
  void OnRoundEnd() {
    for (const auto& worker : workers_) {
      if (worker->scheduler != nullptr) {
        worker->scheduler->OnRoundEnd();
      }
    }
  }

  SharedWriteQueue shared_;
  Loop loop_;
  std::vector<std::unique_ptr<Worker>> workers_;
  RoundHook hook_{loop_, [this] { OnRoundEnd(); }};
};

}  // namespace sqlicorn
