// SPDX-License-Identifier: MIT
#include "worker/queue_scheduler.h"

#include <algorithm>
#include <utility>

namespace sqlicorn {
namespace {

// How often a waiting worker looks whether the line moves.
constexpr Duration kTick = std::chrono::milliseconds(4);
constexpr Duration kGap = std::chrono::microseconds(WriteQueue::kForeignGapUs);

constexpr int kBusy = 5;  // SQLITE_BUSY

Outcome BusyOutcome(const char* why) {
  return {OutcomeKind::kBusy, SqlStatus(kBusy, why)};
}

}  // namespace

QueueScheduler::QueueScheduler(const Parts& parts, const Options& options)
    : options_(options),
      loop_(parts.loop),
      shared_(parts.shared),
      queue_(parts.shared.state(),
             [this](std::size_t slot) {
               if (!inside_ || slot != options_.self) {
                 shared_.Wake(slot);
               }
             }),
      batch_(parts.connection, parts.transactions),
      reads_(parts.loop, options.patience),
      wake_(parts.loop, parts.shared.event_fd(options.self),
            [this] { shared_.ClearWake(options_.self); }),
      timer_(parts.loop, [this] { OnTimer(); }) {
  wake_.Start();
}

QueueScheduler::~QueueScheduler() {
  if (batch_.open()) {
    static_cast<void>(batch_.GiveUp());
  }
  if (state_ == State::kHolding) {
    queue_.Release(options_.self, WriteQueue::Next::kDone, NowUs());
  } else {
    queue_.Leave(options_.self, NowUs());
  }
}

std::int64_t QueueScheduler::NowUs() {
  return MonotonicUs();
}

void QueueScheduler::Read(Job& job) {
  if (batch_.open()) {
    parked_reads_.push_back(&job);
  } else {
    reads_.Read(job);
  }
}

void QueueScheduler::Write(Job& job) {
  if (pending_.size() >= options_.max_pending) {
    job.Fail(BusyOutcome("too many writes are waiting"));
    job.Answer();
    return;
  }
  job.waiting_since = loop_.now();
  job.deadline = loop_.now() + options_.queue_timeout;
  pending_.push_back(&job);
}

void QueueScheduler::Withdraw(Job& job) {
  const auto found = std::find(pending_.begin(), pending_.end(), &job);
  if (found != pending_.end()) {
    const auto place = static_cast<std::size_t>(found - pending_.begin());
    one_by_one_ -= place < one_by_one_ ? 1 : 0;
    pending_.erase(found);
  }
  std::erase(answers_, &job);
  std::erase(parked_reads_, &job);
  batch_.Forget(job);
  reads_.Withdraw(job);
}

void QueueScheduler::OnTurnEnd() {
  inside_ = true;
  Pump();
  inside_ = false;
  AnswerAll();
  // What came with the answers, pipelined requests, queues now: the loop is about to sleep, and the
  // wake-up of a turn granted at once keeps it from that.
  if (state_ == State::kIdle && !pending_.empty()) {
    queue_.Enqueue(options_.self, NowUs());
    state_ = State::kWaiting;
    timer_.Start(kTick);
  }
}

void QueueScheduler::Pump() {
  if (state_ == State::kHolding) {
    return;  // the timer goes on
  }
  DropExpired();
  if (state_ == State::kIdle && !pending_.empty()) {
    queue_.Enqueue(options_.self, NowUs());
    state_ = State::kWaiting;
  }
  if (state_ == State::kWaiting) {
    TakeTurn();
  }
}

void QueueScheduler::TakeTurn() {
  if (!queue_.TryAccept(options_.self, NowUs())) {
    if (!timer_.active()) {
      timer_.Start(kTick);
    }
    return;
  }
  timer_.Stop();
  state_ = State::kHolding;
  attempts_ = 0;
  hold_deadline_ = loop_.now() + options_.patience;
  Execute();
}

// REQUIRES: the turn is ours and no transaction is open.
void QueueScheduler::Execute() {
  const std::vector<Job*> jobs = NextBatch();
  if (jobs.empty()) {
    EndTurn();
    return;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(jobs.size()));
  one_by_one_ -= std::min(one_by_one_, jobs.size());
  Job& first = *jobs.front();
  const bool by_itself = first.isolated() || (options_.max_batch == 1 && first.autocommits());
  if (!by_itself) {
    Settle(batch_.Run(jobs, options_.max_hold));
  } else if (first.Run() == OutcomeKind::kBusy) {
    Settle({.end = WriteBatch::End::kLocked, .again = jobs});
  } else {
    Settle({.answers = jobs});
  }
}

// As many from the front of the line as may share a transaction.
std::vector<Job*> QueueScheduler::NextBatch() const {
  std::vector<Job*> jobs;
  const std::size_t most = one_by_one_ > 0 ? 1 : options_.max_batch;
  for (Job* job : pending_) {
    if (jobs.size() == most || (job->isolated() && !jobs.empty())) {
      break;
    }
    jobs.push_back(job);
    if (job->isolated()) {
      break;
    }
  }
  return jobs;
}

void QueueScheduler::Settle(WriteBatch::Result result) {
  answers_.insert(answers_.end(), result.answers.begin(), result.answers.end());
  pending_.insert(pending_.begin(), result.again.begin(), result.again.end());
  if (result.one_by_one) {
    one_by_one_ = result.again.size();
  }
  if (result.end == WriteBatch::End::kDone) {
    EndTurn();
  } else {
    HoldOn();
  }
}

void QueueScheduler::EndTurn() {
  state_ = pending_.empty() ? State::kIdle : State::kWaiting;
  const auto next = pending_.empty() ? WriteQueue::Next::kDone : WriteQueue::Next::kMore;
  inside_ = false;  // a turn granted to ourselves again must wake the loop, which is about to sleep
  const auto handover = queue_.Release(options_.self, next, NowUs());
  inside_ = true;
  if (handover == WriteQueue::Handover::kGap) {
    timer_.Start(kGap);
  } else if (state_ == State::kWaiting) {
    timer_.Start(kTick);
  }
  reads_.Resume();
  for (Job* read : std::exchange(parked_reads_, {})) {
    reads_.Read(*read);
  }
}

// Somebody outside the queue has the lock: keep the turn, let the loop serve, try again soon.
void QueueScheduler::HoldOn() {
  timer_.Start(RetryDelay(attempts_++));
}

void QueueScheduler::OnTimer() {
  inside_ = true;
  if (state_ != State::kHolding) {
    queue_.Tick(NowUs());
  } else if (!batch_.open()) {
    DropExpired();
    Execute();
  } else if (loop_.now() < hold_deadline_) {
    Settle(batch_.Commit());
  } else {
    WriteBatch::Result result = batch_.GiveUp();
    for (Job* job : result.again) {
      job->Fail(BusyOutcome("database is locked"));
    }
    Settle({.answers = std::move(result.again)});
  }
  inside_ = false;
}

void QueueScheduler::DropExpired() {
  const auto expired = [this](const Job* job) { return job->deadline <= loop_.now(); };
  while (!pending_.empty() && expired(pending_.front())) {
    Job* job = pending_.front();
    pending_.pop_front();
    one_by_one_ -= std::min<std::size_t>(one_by_one_, 1);
    job->Fail(BusyOutcome("database is locked"));
    answers_.push_back(job);
  }
}

void QueueScheduler::AnswerAll() {
  // Answering may submit the next request of the connection, never one of these.
  while (!answers_.empty()) {
    Job* job = answers_.front();
    answers_.pop_front();
    job->Answer();
  }
}

}  // namespace sqlicorn
