// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn {

// Whoever has more to do than one slice of the loop: a connection with input left over.
class SliceUser {
 public:
  virtual ~SliceUser() = default;

  // It is out of the queue now. Does a slice of its work, and may Add itself again.
  virtual void OnSlice() = 0;
};

// Shares the loop of a worker among its connections, so that what one of them sends at once does
// not keep the others waiting. Fresh input is served where it is read as long as HasTime; what is
// left over queues here: first come, first served, whatever is small before what is large, of
// which one slice is done in each round of the loop. Knows nothing of HTTP.
class SliceQueue {
 public:
  // kSmall: fresh input that came when the round was used up. kLarge: any more than that.
  enum class Work { kSmall, kLarge };

  // The end of a slice, after which the rest goes to the end of the queue.
  static constexpr Duration kSlice = std::chrono::milliseconds(1);
  static constexpr std::size_t kSliceRequests = 64;
  // What fresh input may take of one round before it queues.
  static constexpr Duration kRound = std::chrono::milliseconds(4);

  explicit SliceQueue(Loop& loop);

  // The loop's round, or a part of it, begins anew: call it around whatever may sleep.
  void BeginRound() { counting_ = false; }

  // Fresh input may be served now. Goes by the loop's time, which whoever works updates.
  [[nodiscard]] bool HasTime();

  // `user` stays until it is called or removed. REQUIRES: it is not in the queue.
  void Add(SliceUser& user, Work work);
  void Remove(const SliceUser& user);

 private:
  void OnRound();

  Loop& loop_;
  BusyHook hook_;
  std::deque<SliceUser*> small_;
  std::deque<SliceUser*> large_;
  TimePoint round_began_{};
  bool counting_ = false;  // round_began_ is of this round
};

}  // namespace sqlicorn
