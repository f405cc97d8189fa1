// SPDX-License-Identifier: MIT
#pragma once

namespace sqlicorn {

// Someone who wants to write and holds nothing meanwhile: no statement, no snapshot, no lock.
class WriteJob {
 public:
  virtual ~WriteJob() = default;

  // It is this job's turn: begin, write, commit, answer.
  virtual void OnTurn() = 0;
};

// Decides when a plan that writes may BEGIN. What happens when SQLite's lock is taken all the same
// is the connection's busy wait.
class WriteScheduler {
 public:
  virtual ~WriteScheduler() = default;

  // Calls OnTurn, at once or on a later turn of the loop. The job stays alive until then.
  virtual void Request(WriteJob& job) = 0;
};

// The schedulers none, busy and constant: no queue; whoever wants the lock asks SQLite for it.
class UnscheduledWrites final : public WriteScheduler {
 public:
  void Request(WriteJob& job) override { job.OnTurn(); }
};

}  // namespace sqlicorn
