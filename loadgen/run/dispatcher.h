// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/uv/loop.h"
#include "common/uv/precise_timer.h"
#include "loadgen/scenario/rate_plan.h"
#include "loadgen/stats/run_stats.h"

namespace sqlicorn::loadgen {

class User;

// The open loop: has requests sent when they are due, whatever has been answered, as long as a user
// is free to send one; the next free user sends what is overdue. Times are told from when a request
// was due, so that a server that stalls cannot hide what it kept from being sent.
class Dispatcher {
 public:
  Dispatcher(Loop& loop, const RatePlan& plan, std::uint64_t seed);

  // The plan begins at `start`.
  void Start(TimePoint start);

  // Nothing is sent any more. What is due by `end` and was not sent is counted.
  void Stop(TimePoint end);

  // What was counted before is forgotten.
  void BeginCounting();

  // This user waits for nothing: it is told to send when something is due. It must not end before
  // Stop without Forget.
  void Free(User* user);
  void Forget(User* user);

  // That requests which were due before are late is no user's doing: the generator stood still.
  void ForgiveUsersUntil(TimePoint when) { stood_still_until_ = when; }

  // The time from the sending of a request to its end.
  void RecordService(std::uint64_t us) { counts_.service.Record(us); }

  // Of the requests that were due while it counted.
  [[nodiscard]] const OpenLoop& counts() const { return counts_; }

 private:
  enum class Cause { kDue, kFreed };

  // Sends what is due. `cause`: what else but the lack of a user may have made it late.
  void SendDue(Cause cause);
  void Count(Duration late, Cause cause);

  std::string rate_;  // as it was written
  Arrivals arrivals_;
  PreciseTimer timer_;
  TimePoint start_;
  TimePoint armed_for_;
  TimePoint stood_still_until_;
  std::optional<Duration> next_;  // since the start; none = nothing more is due
  std::vector<User*> free_;       // the last one goes first: its connection is warm
  OpenLoop counts_;
};

}  // namespace sqlicorn::loadgen
