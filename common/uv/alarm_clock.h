// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn {

// Somebody whom an AlarmClock wakes. Must have been woken or forgotten before its end.
class Sleeper {
 public:
  Sleeper() = default;
  virtual ~Sleeper() = default;
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  virtual void OnWake() = 0;

 private:
  friend class AlarmQueue;

  static constexpr std::size_t kNowhere = SIZE_MAX;

  std::size_t place_ = kNowhere;  // in the heap of the queue
};

// Who is to be woken next: a heap by time, and by who was put in first where times are equal. Does
// not look at a clock.
class AlarmQueue {
 public:
  // Takes the place of an earlier time of this sleeper.
  void Put(Sleeper* sleeper, TimePoint due);
  // Nothing when it is not in.
  void Remove(Sleeper* sleeper);

  [[nodiscard]] bool empty() const { return heap_.empty(); }

  // REQUIRES: not empty.
  [[nodiscard]] TimePoint next_due() const { return heap_.front().due; }

  // How many were ever put in.
  [[nodiscard]] std::uint64_t puts() const { return puts_; }

  // The next who was due by `now` and is one of the first `puts`; nullptr = none. It is out then.
  [[nodiscard]] Sleeper* Take(TimePoint now, std::uint64_t puts);

 private:
  struct Entry {
    TimePoint due;
    std::uint64_t number;
    Sleeper* sleeper;

    [[nodiscard]] bool Precedes(const Entry& other) const {
      return due != other.due ? due < other.due : number < other.number;
    }
  };

  void Place(std::size_t at, const Entry& entry);
  void Rise(std::size_t at, const Entry& entry);
  void Sink(std::size_t at, const Entry& entry);

  std::vector<Entry> heap_;
  std::uint64_t puts_ = 0;
};

// Wakes any number of sleepers on its loop, each once, when its delay is over: one timer of the
// loop for all of them, for which each pays 24 octets while it sleeps and not 200 always.
// Resolution as of Timer.
class AlarmClock {
 public:
  explicit AlarmClock(Loop& loop);

  // Takes the place of an earlier time of this sleeper. OnWake comes from the loop and may call
  // anything here, but not end the clock.
  void Wake(Sleeper* sleeper, Duration delay);
  void Forget(Sleeper* sleeper);

 private:
  void WakeDue();
  void Arm();

  Loop& loop_;
  Timer timer_;
  TimePoint armed_for_;
  AlarmQueue queue_;
};

}  // namespace sqlicorn
