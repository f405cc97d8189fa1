// SPDX-License-Identifier: MIT
#include "worker/turn/queue_scheduler.h"

#include <algorithm>
#include <utility>

#include "common/ipc/bump.h"
#include "worker/turn/count_locked.h"
#include "worker/turn/queue_refusals.h"

namespace sqlicorn {
namespace {

// How often a waiting worker looks whether the line moves.
constexpr Duration kTick = std::chrono::milliseconds(4);
// A timer may fire up to a millisecond early, and then the gap would not be over.
constexpr Duration kGap =
    std::chrono::microseconds(WriteQueue::kForeignGapUs) + std::chrono::milliseconds(1);

}  // namespace

QueueScheduler::QueueScheduler(const Parts& parts, const Options& options)
    : options_(options),
      loop_(parts.loop),
      shared_(parts.shared),
      counters_(parts.counters),
      meter_(parts.counters),
      queue_(parts.shared.state(), parts.shared.slots(),
             [this](std::size_t slot) {
               if (!accepting_ || slot != options_.self) {
                 shared_.Wake(slot);
               }
             }),
      batch_(parts.connection, parts.transactions),
      reads_(parts.loop, options.patience),
      wake_(parts.loop, parts.shared.event_fd(options.self), [this] { OnWake(); }),
      timer_(parts.loop, [this] { OnTimer(); }) {
  wake_.Start();
}

QueueScheduler::~QueueScheduler() {
  if (batch_.open()) {
    static_cast<void>(batch_.GiveUp());
  }
  if (state_ == State::kHolding) {
    queue_.Release(options_.self, WriteQueue::Next::kDone, MonotonicUs());
  } else {
    queue_.Leave(options_.self, MonotonicUs());
  }
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
    Bump(counters_.queue_full);
    job.outcome = TooManyWaiting();
    job.Finish();
    return;
  }
  job.alone = false;
  job.waiting_since = Clock::now();  // the loop's time is too coarse to measure with
  job.deadline = loop_.now() + options_.queue_timeout;
  pending_.push_back(&job);
}

void QueueScheduler::Withdraw(Job& job) {
  std::erase(pending_, &job);
  std::erase(answers_, &job);
  std::erase(parked_reads_, &job);
  batch_.Forget(job);
  reads_.Withdraw(job);
}

void QueueScheduler::OnTurnEnd() {
  Pump();
  AnswerAll();
  ServeParkedReads();
  // What came with the answers, pipelined requests, queues now: the loop is about to sleep, and the
  // wake-up of a turn granted at once keeps it from that.
  if (state_ == State::kIdle && !pending_.empty()) {
    GetInLine();
  }
}

void QueueScheduler::Pump() {
  if (state_ == State::kHolding) {
    return;  // the timer goes on
  }
  if (state_ == State::kIdle && !pending_.empty()) {
    accepting_ = true;
    GetInLine();
  }
  // The turn first: a write without any patience still gets its one attempt.
  if (state_ == State::kWaiting && !TakeTurn()) {
    DropExpired();
  }
}

void QueueScheduler::GetInLine() {
  queue_.Enqueue(options_.self, MonotonicUs());
  state_ = State::kWaiting;
  // The end of a gap may be ours to announce already.
  if (!timer_.active()) {
    timer_.Start(kTick);
  }
}

// True when it was our turn.
bool QueueScheduler::TakeTurn() {
  accepting_ = true;
  const std::int64_t now_us = MonotonicUs();
  queue_.Enqueue(options_.self, now_us);  // where our place was overwritten
  const bool accepted = queue_.TryAccept(options_.self, now_us);
  accepting_ = false;
  if (!accepted) {
    if (!timer_.active()) {
      timer_.Start(kTick);
    }
    return false;
  }
  timer_.Stop();
  state_ = State::kHolding;
  attempts_ = 0;
  meter_.Begin(now_us);
  Execute();
  return true;
}

// REQUIRES: the turn is ours and no transaction is open.
void QueueScheduler::Execute() {
  TimePoint now = Clock::now();
  const TimePoint stop_at = now + options_.max_hold;
  WriteBatch::End end = Settle(RunNextBatch(now));
  // Those that run alone share what is left of the turn, or each would wait for its own.
  while (end == WriteBatch::End::kDone && !pending_.empty() && pending_.front()->alone) {
    now = Clock::now();
    if (now >= stop_at) {
      break;
    }
    end = Settle(RunNextBatch(now));
  }
  loop_.UpdateTime();  // for the timers
  if (end == WriteBatch::End::kDone) {
    EndTurn();
  } else {
    commit_deadline_ = loop_.now() + options_.patience;
    HoldOn();
  }
}

WriteBatch::Result QueueScheduler::RunNextBatch(TimePoint now) {
  std::vector<Job*> jobs = TakeNextBatch(now);
  if (jobs.empty()) {
    return {};
  }
  Job& first = *jobs.front();
  const bool by_itself = first.autocommits && (first.isolated || options_.max_batch == 1);
  if (!by_itself) {
    return batch_.Run(jobs, options_.max_hold);
  }
  if (first.Run() == OutcomeKind::kBusy) {
    return {.end = WriteBatch::End::kLocked, .again = std::move(jobs)};
  }
  return {.answers = std::move(jobs)};
}

// As many from the front of the line as may share a transaction.
std::vector<Job*> QueueScheduler::TakeNextBatch(TimePoint now) {
  std::vector<Job*> jobs;
  while (!pending_.empty() && jobs.size() < options_.max_batch) {
    Job* job = pending_.front();
    const bool alone = job->isolated || job->alone;
    if (alone && !jobs.empty()) {
      break;
    }
    job->waited = now - job->waiting_since;
    jobs.push_back(job);
    pending_.pop_front();
    if (alone) {
      break;
    }
  }
  return jobs;
}

WriteBatch::End QueueScheduler::Settle(const WriteBatch::Result& result) {
  if (!result.locked.ok()) {
    CountLocked(result.locked, counters_.locked);
  }
  if (!result.answers.empty()) {
    meter_.EndBatch(result.answers.size());
  }
  answers_.insert(answers_.end(), result.answers.begin(), result.answers.end());
  pending_.insert(pending_.begin(), result.again.begin(), result.again.end());
  return result.end;
}

void QueueScheduler::EndTurn() {
  const bool more = !pending_.empty();
  state_ = more ? State::kWaiting : State::kIdle;
  const std::int64_t now_us = MonotonicUs();
  const auto handover = queue_.Release(
      options_.self, more ? WriteQueue::Next::kMore : WriteQueue::Next::kDone, now_us);
  meter_.End(now_us);
  if (handover == WriteQueue::Handover::kGap) {
    timer_.Start(kGap);
  } else if (more) {
    timer_.Start(kTick);
  }
  reads_.Resume();
}

// Somebody outside the queue has the lock: keep the turn, let the loop serve, try again soon.
void QueueScheduler::HoldOn() {
  if (attempts_ == 0) {
    meter_.MeetForeignLock(MonotonicUs());
  }
  if (batch_.open()) {
    reads_.Pause();
  }
  timer_.Start(RetryDelay(attempts_++));
}

void QueueScheduler::OnWake() {
  shared_.ClearWake(options_.self);
  if (state_ == State::kIdle) {
    // A grant from before we left the line: it must not lie here.
    queue_.Tick(MonotonicUs());
  }
}

void QueueScheduler::OnTimer() {
  if (state_ == State::kHolding && batch_.open()) {
    TryCommitAgain();
  } else if (state_ == State::kHolding) {
    DropExpired();
    Execute();
  } else if (state_ == State::kIdle || !TakeTurn()) {
    // Our own grant first, or a loop that was slow would revoke it.
    queue_.Tick(MonotonicUs());
  }
}

void QueueScheduler::TryCommitAgain() {
  if (loop_.now() >= commit_deadline_) {
    const WriteBatch::Result result = batch_.GiveUp();
    for (Job* job : result.answers) {
      job->outcome = LockedOutside();
    }
    Settle(result);
    EndTurn();
  } else if (Settle(batch_.Commit()) == WriteBatch::End::kDone) {
    loop_.UpdateTime();
    EndTurn();
  } else {
    HoldOn();
  }
}

void QueueScheduler::DropExpired() {
  const auto expired = [this](const Job* job) { return job->deadline <= loop_.now(); };
  while (!pending_.empty() && expired(pending_.front())) {
    Job* job = pending_.front();
    pending_.pop_front();
    job->waited = Clock::now() - job->waiting_since;
    if (state_ == State::kHolding) {
      job->outcome = LockedOutside();
    } else {
      Bump(counters_.queue_timeout);
      job->outcome = NoTurn(options_.queue_timeout_setting);
    }
    answers_.push_back(job);
  }
}

// Answering may submit the next request of the connection, and may withdraw others.
void QueueScheduler::AnswerAll() {
  while (!answers_.empty()) {
    Job* job = answers_.front();
    answers_.pop_front();
    job->Finish();
  }
}

void QueueScheduler::ServeParkedReads() {
  while (!batch_.open() && !parked_reads_.empty()) {
    Job* job = parked_reads_.front();
    parked_reads_.pop_front();
    reads_.Read(*job);
  }
}

}  // namespace sqlicorn
