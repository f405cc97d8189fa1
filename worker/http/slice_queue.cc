// SPDX-License-Identifier: MIT
#include "worker/http/slice_queue.h"

namespace sqlicorn {
namespace {

SliceUser& TakeFirst(std::deque<SliceUser*>& line) {
  SliceUser* const first = line.front();
  line.pop_front();
  return *first;
}

}  // namespace

SliceQueue::SliceQueue(Loop& loop) : loop_(loop), hook_(loop, [this] { OnRound(); }) {}

// The time begins with the first who asks, and not when the loop woke up: a statement that was run
// by a timer before that is not the input's.
bool SliceQueue::HasTime() {
  if (!counting_) {
    counting_ = true;
    round_began_ = loop_.now();
  }
  return loop_.now() - round_began_ < kRound;
}

void SliceQueue::Add(SliceUser& user, Work work) {
  (work == Work::kSmall ? small_ : large_).push_back(&user);
  hook_.Start();
}

void SliceQueue::Remove(const SliceUser& user) {
  std::erase(small_, &user);
  std::erase(large_, &user);
}

// Who is called may add itself again, and is out of the line by then: TakeFirst comes first. Of the
// large a single one is served a round, so that fresh input never waits for more than that.
void SliceQueue::OnRound() {
  BeginRound();
  while (!small_.empty() && HasTime()) {
    TakeFirst(small_).OnSlice();
  }
  if (!large_.empty()) {
    BeginRound();  // its slice is due however long the others took
    TakeFirst(large_).OnSlice();
  }
  if (small_.empty() && large_.empty()) {
    hook_.Stop();
  }
}

}  // namespace sqlicorn
