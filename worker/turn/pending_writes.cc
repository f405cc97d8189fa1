// SPDX-License-Identifier: MIT
#include "worker/turn/pending_writes.h"

namespace sqlicorn {

void PendingWrites::Add(Job& job, TimePoint now, TimePoint deadline) {
  job.alone = false;
  job.waiting_since = now;
  job.deadline = deadline;
  line_.push_back(&job);
}

void PendingWrites::PutBack(std::span<Job* const> jobs) {
  line_.insert(line_.begin(), jobs.begin(), jobs.end());
}

void PendingWrites::Remove(const Job& job) {
  std::erase(line_, &job);
}

std::vector<Job*> PendingWrites::TakeBatch(std::size_t most, TimePoint now) {
  std::vector<Job*> jobs;
  while (!line_.empty() && jobs.size() < most) {
    const bool shares = !line_.front()->isolated && !line_.front()->alone;
    if (!shares && !jobs.empty()) {
      break;
    }
    jobs.push_back(&TakeFirst(now));
    if (!shares) {
      break;
    }
  }
  return jobs;
}

Job* PendingWrites::TakeExpired(TimePoint loop_now, TimePoint now) {
  const bool expired = !line_.empty() && line_.front()->deadline <= loop_now;
  return expired ? &TakeFirst(now) : nullptr;
}

Job& PendingWrites::TakeFirst(TimePoint now) {
  Job& job = *line_.front();
  line_.pop_front();
  job.waited = now - job.waiting_since;
  return job;
}

}  // namespace sqlicorn
