// SPDX-License-Identifier: MIT
#include "worker/turn/queue_scheduler.h"

#include <utility>

#include "common/ipc/shared_memory.h"

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
               // While it asks for the turn it looks by itself, and a wake-up of its own eventfd
               // would only make its loop go round once more.
               if (state_ != State::kTaking || slot != options_.self) {
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
  // The lock before the turn: who is granted next would meet it as one held outside the queue.
  if (state_ == State::kHeldAtCommit) {
    static_cast<void>(batch_.GiveUp());
  }
  if (state_ == State::kHeldAtBegin || state_ == State::kHeldAtCommit) {
    queue_.Release(options_.self, WriteQueue::Next::kDone, MonotonicUs());
  } else {
    queue_.Leave(options_.self, MonotonicUs());
  }
}

void QueueScheduler::Read(Job& job) {
  reads_.Read(job);
}

void QueueScheduler::Settle(Job& job) {
  reads_.Settle(job);
}

void QueueScheduler::Write(Job& job) {
  if (pending_.size() >= options_.max_pending) {
    Bump(counters_.queue_full);
    job.outcome = TooManyWaiting();
    job.Finish();
    return;
  }
  // Nothing is asked of the queue before the round ends: what else the clients send in this round
  // shares the turn. The loop's time is too coarse to measure with.
  pending_.Add(job, Clock::now(), loop_.now() + options_.queue_timeout);
}

void QueueScheduler::Withdraw(Job& job) {
  pending_.Remove(job);
  std::erase(finished_, &job);
  batch_.Forget(job);
  reads_.Withdraw(job);
}

// The answers leave after the turn: a client that is slow to read, or what an answer sets off, must
// not keep the other workers waiting. Reads that were parked go on when nothing is open any more.
void QueueScheduler::OnRoundEnd() {
  Pump();
  FinishAll();
  if (state_ != State::kHeldAtCommit) {
    reads_.Resume();
  }
  // What came with the answers, pipelined requests, queues now: the loop is about to sleep, and the
  // wake-up of a turn granted at once keeps it from that.
  if (state_ == State::kIdle && !pending_.empty()) {
    queue_.Enqueue(options_.self, MonotonicUs());
    WaitInLine();
  }
}

void QueueScheduler::Pump() {
  const bool due = state_ == State::kWaiting || (state_ == State::kIdle && !pending_.empty());
  // The turn first: a write without any patience still gets its one attempt.
  if (due && !TakeTurn()) {
    DropExpired();
  }
}

// True when it was our turn.
bool QueueScheduler::TakeTurn() {
  state_ = State::kTaking;
  const std::int64_t now_us = MonotonicUs();
  queue_.Enqueue(options_.self, now_us);  // we may be new, or our place was overwritten
  if (!queue_.TryAccept(options_.self, now_us)) {
    WaitInLine();
    return false;
  }
  // Accepted: from here on nobody takes the turn from us, however long SQLite takes. So whatever
  // comes back from below ends in EndTurn, or in a state that holds the turn with the timer set.
  timer_.Stop();
  attempts_ = 0;
  meter_.Begin(now_us);
  Execute();
  return true;
}

void QueueScheduler::WaitInLine() {
  state_ = State::kWaiting;
  // The end of a gap may be ours to announce already.
  if (!timer_.active()) {
    timer_.Start(kTick);
  }
}

// REQUIRES: the turn is ours and no transaction is open.
void QueueScheduler::Execute() {
  TimePoint now = Clock::now();
  const TimePoint stop_at = now + options_.max_hold;
  WriteBatch::End end = Settle(RunNextBatch(now));
  // Those that run alone share what is left of the turn, or each would wait for its own.
  while (end == WriteBatch::End::kDone && pending_.next_is_alone()) {
    now = Clock::now();
    if (now >= stop_at) {
      break;
    }
    end = Settle(RunNextBatch(now));
  }
  loop_.UpdateTime();  // SQLite has held the loop; its timers would count from before
  commit_deadline_ = loop_.now() + options_.patience;
  GoOn(end);
}

WriteBatch::Result QueueScheduler::RunNextBatch(TimePoint now) {
  std::vector<Job*> jobs = pending_.TakeBatch(options_.max_batch, now);
  if (jobs.empty()) {
    return {};
  }
  Job& first = *jobs.front();
  // A plan without a transaction keeps its steps apart where nobody shares the turn with it. In a
  // batch they are one, since a savepoint cannot commit by itself.
  const bool by_itself = first.autocommits && (first.isolated || options_.max_batch == 1);
  if (!by_itself) {
    return batch_.Run(jobs, options_.max_hold);
  }
  if (first.Run() == OutcomeKind::kBusy) {
    return {.end = WriteBatch::End::kLocked, .again = std::move(jobs)};
  }
  return {.answers = std::move(jobs)};
}

WriteBatch::End QueueScheduler::Settle(const WriteBatch::Result& result) {
  if (!result.locked.ok()) {
    CountLocked(result.locked, counters_.locked);
  }
  if (!result.answers.empty()) {
    meter_.EndBatch(result.answers.size());
  }
  finished_.insert(finished_.end(), result.answers.begin(), result.answers.end());
  pending_.PutBack(result.again);
  return result.end;
}

// Where the turn stands after an attempt.
void QueueScheduler::GoOn(WriteBatch::End end) {
  switch (end) {
    case WriteBatch::End::kDone:
      EndTurn();
      break;
    case WriteBatch::End::kLocked:
      HoldOn(State::kHeldAtBegin);
      break;
    case WriteBatch::End::kCommitLocked:
      // On this connection a read would be part of the open transaction, and see what may yet be
      // undone.
      reads_.Pause();
      HoldOn(State::kHeldAtCommit);
      break;
  }
}

// The state first: Release may grant the turn to ourselves, and in kTaking that would wake nobody.
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
}

// Somebody outside the queue is in the way: keep the turn, let the loop serve, try again soon. If
// the turn were handed on, the next worker would meet the same lock, and each would lose its place.
void QueueScheduler::HoldOn(State held) {
  state_ = held;
  if (attempts_ == 0) {
    meter_.MeetForeignLock(MonotonicUs());
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
  switch (state_) {
    case State::kIdle:
      queue_.Tick(MonotonicUs());
      break;
    case State::kWaiting:
    case State::kTaking:
      // Our own grant first, or a loop that was slow would revoke it.
      if (!TakeTurn()) {
        queue_.Tick(MonotonicUs());
      }
      break;
    case State::kHeldAtBegin:
      // Those whose patience is over have had an attempt, unlike in Pump, and need no other one.
      // With nobody left Execute ends the turn.
      DropExpired();
      Execute();
      break;
    case State::kHeldAtCommit:
      TryCommitAgain();
      break;
  }
}

void QueueScheduler::TryCommitAgain() {
  if (loop_.now() >= commit_deadline_) {
    const WriteBatch::Result result = batch_.GiveUp();
    for (Job* job : result.answers) {
      job->outcome = LockedOutside();
    }
    GoOn(Settle(result));
    return;
  }
  const WriteBatch::End end = Settle(batch_.Commit());
  loop_.UpdateTime();
  GoOn(end);
}

void QueueScheduler::DropExpired() {
  while (Job* const job = pending_.TakeExpired(loop_.now(), Clock::now())) {
    if (state_ == State::kHeldAtBegin) {
      job->outcome = LockedOutside();
    } else {
      Bump(counters_.queue_timeout);
      job->outcome = NoTurn(options_.queue_timeout_setting);
    }
    finished_.push_back(job);
  }
}

// Finishing a job may submit the next request of the connection, and may withdraw others.
void QueueScheduler::FinishAll() {
  while (!finished_.empty()) {
    Job* job = finished_.front();
    finished_.pop_front();
    job->Finish();
  }
}

}  // namespace sqlicorn
