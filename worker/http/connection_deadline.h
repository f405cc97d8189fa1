// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "common/base/clock.h"

namespace sqlicorn {

// What a connection is doing and since when, as it is now: nothing in here is a conclusion.
struct ConnectionFacts {
  enum class Doing {
    kListening,
    kAnswering,  // a request is being executed or waits for its turn
    kStreaming,  // so it is, and parts of its answer leave meanwhile
    kLingering,  // all is said, the client has yet to close
  };

  // What has come of the request that has not arrived yet.
  enum class Request { kNothing, kPartOfHead, kHead };

  Doing doing = Doing::kListening;
  Request request = Request::kNothing;
  bool input_left = false;     // octets that have been read and not yet been served
  bool unsent = false;         // answers that the client has yet to take
  bool fresh = false;          // no request has come so far
  std::size_t body_bytes = 0;  // of that request, so far
  TimePoint opened{};
  TimePoint head_began{};
  TimePoint body_began{};
  TimePoint heard{};     // the last octet from the client
  TimePoint answered{};  // the last answer was made
  TimePoint taken{};     // the client took some of the unsent answers, or they were none before
  TimePoint drained{};   // it took the last of them
  TimePoint lingered{};  // lingering began
  std::optional<TimePoint> told_to_stop{};  // the worker stops and hears this client a moment more
};

struct ConnectionTimeouts {
  Duration head{};
  Duration body{};
  Duration keepalive{};
  double body_rate = 0;  // octets a second that a body brings at least; 0 = any
};

// What becomes of a connection at its deadline.
enum class Expiry { kClose, kAnswer408 };

struct Deadline {
  TimePoint at;
  Expiry expiry = Expiry::kClose;
};

// A client that has just connected, or has just been answered, is likely to be sending: a worker
// that stops hears it for so long before it closes.
constexpr Duration kHearing = std::chrono::milliseconds(500);

// For how long what a client still sends is dropped after the last answer.
constexpr Duration kLinger = std::chrono::seconds(2);

// When the connection has waited long enough for whatever it waits for, by the facts alone. A
// client is never charged for what it waits for itself: its answer, its turn, or the time in which
// it reads answers before it sends on.
[[nodiscard]] Deadline DeadlineOf(const ConnectionFacts& facts, const ConnectionTimeouts& timeouts);

}  // namespace sqlicorn
