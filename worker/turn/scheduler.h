// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "common/base/clock.h"
#include "worker/plan/outcome.h"

namespace sqlicorn {

// One request's plan with its parameters, ready to run, as a scheduler sees it. A run calls nobody
// back. Between the calls the job holds nothing: no statement, no snapshot, no lock.
class Job {
 public:
  virtual ~Job() = default;

  // Runs in its own transaction and keeps the outcome. After kBusy it may be run again.
  virtual OutcomeKind Run() = 0;

  // Runs in the transaction and savepoint that the scheduler has opened, and keeps the outcome. May
  // be run again after that transaction was undone.
  virtual OutcomeKind RunInside() = 0;

  // Its outcome is final: whoever submitted it goes on. The last call; the job may be gone after
  // it.
  virtual void Finish() = 0;

  Outcome outcome{};  // of the last run, or what a scheduler says in its place

  // Set before it is submitted.
  bool isolated = false;         // must not share a transaction with other jobs
  bool autocommits = false;      // its statements commit one by one when it runs alone
  bool shares_snapshot = false;  // reads, and may do so in the transaction of others

  // Of a write, when it is answered: how long it waited, until it ran or was given up. None where
  // SQLite does the waiting.
  std::optional<Duration> waited{};

  // For the scheduler.
  TimePoint deadline{};  // when a lock or a turn comes too late
  TimePoint waiting_since{};
  bool alone = false;  // was in a transaction that broke: the next one is its own
};

// Decides when a plan runs, and what becomes of one that finds the database locked. Each job that
// is submitted is finished exactly once, now or in a later round of the loop, unless it is
// withdrawn.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  virtual void Read(Job& job) = 0;
  virtual void Write(Job& job) = 0;

  // The read has been run once, inside a transaction that is over: it is finished, or runs again by
  // itself where it has met a lock.
  virtual void Settle(Job& job) = 0;

  // The client has gone: the job is forgotten. What has been executed already may still commit.
  virtual void Withdraw(Job& job) = 0;

  // Called once per round of the loop, before it sleeps.
  virtual void OnRoundEnd() {}

  // On the connection, with what is not committed: nobody may read on it.
  [[nodiscard]] virtual bool transaction_open() const { return false; }
};

// The schedulers none, busy and constant: no queue. Whoever wants the lock asks SQLite for it, and
// what happens then is the connection's busy wait.
class DirectScheduler final : public Scheduler {
 public:
  void Read(Job& job) override { RunNow(job); }

  void Write(Job& job) override { RunNow(job); }

  void Settle(Job& job) override { job.Finish(); }

  void Withdraw(Job& /*job*/) override {}

 private:
  static void RunNow(Job& job) {
    job.Run();
    job.Finish();
  }
};

}  // namespace sqlicorn
