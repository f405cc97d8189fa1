// SPDX-License-Identifier: MIT
#include "worker/http/connection_deadline.h"

#include <algorithm>

namespace sqlicorn {
namespace {

// Two limits, and the earlier one counts: one octet now and then would satisfy the first, and hold
// a large body in memory for hours.
Deadline BodyDeadline(const ConnectionFacts& facts, const ConnectionTimeouts& timeouts) {
  TimePoint at = std::max(facts.heard, facts.drained) + timeouts.body;
  if (timeouts.body_rate > 0) {
    const Duration earned = FromSeconds(static_cast<double>(facts.body_bytes) / timeouts.body_rate);
    at = std::min(at, std::max(facts.body_began, facts.drained) + timeouts.body + earned);
  }
  return {at, Expiry::kAnswer408};
}

// Who has just connected is given the time of a head and not that of keep-alive, which may be zero.
Deadline IdleDeadline(const ConnectionFacts& facts, const ConnectionTimeouts& timeouts) {
  const TimePoint at = facts.fresh ? facts.opened + timeouts.head
                                   : std::max(facts.answered, facts.drained) + timeouts.keepalive;
  if (facts.told_to_stop) {
    return {std::min(at, std::max(*facts.told_to_stop, facts.drained) + kHearing)};
  }
  return {at};
}

}  // namespace

// The order is the rule: first what the client waits for (its answer), then what we wait for it to
// take, then what is ours to do, and only then what it has to send. Whoever puts a later case
// before an earlier one charges clients for our own time.
Deadline DeadlineOf(const ConnectionFacts& facts, const ConnectionTimeouts& timeouts) {
  using Doing = ConnectionFacts::Doing;
  using Request = ConnectionFacts::Request;
  if (facts.doing == Doing::kAnswering) {
    return {TimePoint::max()};
  }
  if (facts.unsent) {
    return {facts.taken + timeouts.body};
  }
  if (facts.doing == Doing::kStreaming) {
    return {TimePoint::max()};
  }
  if (facts.doing == Doing::kLingering) {
    return {std::max(facts.lingered, facts.drained) + kLinger};
  }
  if (facts.input_left) {
    return {TimePoint::max()};
  }
  if (facts.request == Request::kHead) {
    return BodyDeadline(facts, timeouts);
  }
  if (facts.request == Request::kPartOfHead) {
    return {std::max(facts.head_began, facts.drained) + timeouts.head, Expiry::kAnswer408};
  }
  return IdleDeadline(facts, timeouts);
}

}  // namespace sqlicorn
