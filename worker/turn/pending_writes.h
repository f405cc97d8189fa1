// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "common/base/clock.h"
#include "worker/turn/scheduler.h"

namespace sqlicorn {

// The writes of a worker that wait for its turn, oldest first. Decides which of them share a
// transaction; runs nothing.
class PendingWrites {
 public:
  [[nodiscard]] bool empty() const { return line_.empty(); }

  [[nodiscard]] std::size_t size() const { return line_.size(); }

  // The next one was in a transaction that broke, and runs by itself.
  [[nodiscard]] bool next_is_alone() const { return !empty() && line_.front()->alone; }

  // `now` is when it began to wait, `deadline` a time of the loop.
  void Add(Job& job, TimePoint now, TimePoint deadline);
  // Those of a batch that were not executed, in front of all others.
  void PutBack(std::span<Job* const> jobs);
  void Remove(const Job& job);

  // As many from the front as may share a transaction, which begins `now`.
  [[nodiscard]] std::vector<Job*> TakeBatch(std::size_t most, TimePoint now);

  // The next one if its deadline has come by the loop's time, else null; given up `now`.
  [[nodiscard]] Job* TakeExpired(TimePoint loop_now, TimePoint now);

 private:
  Job& TakeFirst(TimePoint now);

  std::deque<Job*> line_;
};

}  // namespace sqlicorn
