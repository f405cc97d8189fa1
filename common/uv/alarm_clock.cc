// SPDX-License-Identifier: MIT
#include "common/uv/alarm_clock.h"

#include <algorithm>
#include <utility>

namespace sqlicorn {

void AlarmQueue::Put(Sleeper* sleeper, TimePoint due) {
  Remove(sleeper);
  heap_.emplace_back();
  Rise(heap_.size() - 1, {due, puts_++, sleeper});
}

void AlarmQueue::Remove(Sleeper* sleeper) {
  const std::size_t at = std::exchange(sleeper->place_, Sleeper::kNowhere);
  if (at == Sleeper::kNowhere) {
    return;
  }
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) {
    return;
  }
  if (at > 0 && last.Precedes(heap_[(at - 1) / 2])) {
    Rise(at, last);
  } else {
    Sink(at, last);
  }
}

Sleeper* AlarmQueue::Take(TimePoint now, std::uint64_t puts) {
  if (heap_.empty() || heap_.front().due > now || heap_.front().number >= puts) {
    return nullptr;
  }
  Sleeper* sleeper = heap_.front().sleeper;
  Remove(sleeper);
  return sleeper;
}

void AlarmQueue::Place(std::size_t at, const Entry& entry) {
  heap_[at] = entry;
  entry.sleeper->place_ = at;
}

void AlarmQueue::Rise(std::size_t at, const Entry& entry) {
  while (at > 0 && entry.Precedes(heap_[(at - 1) / 2])) {
    Place(at, heap_[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  Place(at, entry);
}

void AlarmQueue::Sink(std::size_t at, const Entry& entry) {
  for (std::size_t child = 2 * at + 1; child < heap_.size(); child = 2 * at + 1) {
    child += child + 1 < heap_.size() && heap_[child + 1].Precedes(heap_[child]) ? 1 : 0;
    if (!heap_[child].Precedes(entry)) {
      break;
    }
    Place(at, heap_[child]);
    at = child;
  }
  Place(at, entry);
}

AlarmClock::AlarmClock(Loop& loop) : loop_(loop), timer_(loop, [this] { WakeDue(); }) {}

void AlarmClock::Wake(Sleeper* sleeper, Duration delay) {
  // Whole milliseconds, as the timer counts: who is due in the same one is woken in one go.
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(delay);
  queue_.Put(sleeper, loop_.now() + std::max(whole, std::chrono::milliseconds::zero()));
  Arm();
}

void AlarmClock::Forget(Sleeper* sleeper) {
  queue_.Remove(sleeper);
  Arm();
}

// Whoever goes to sleep in between, be it for no time at all, is woken by the next call.
void AlarmClock::WakeDue() {
  const std::uint64_t puts = queue_.puts();
  while (Sleeper* sleeper = queue_.Take(loop_.now(), puts)) {
    sleeper->OnWake();
  }
  Arm();
}

void AlarmClock::Arm() {
  if (queue_.empty()) {
    timer_.Stop();
  } else if (!timer_.active() || queue_.next_due() != armed_for_) {
    armed_for_ = queue_.next_due();
    timer_.Start(armed_for_ - loop_.now());
  }
}

}  // namespace sqlicorn
