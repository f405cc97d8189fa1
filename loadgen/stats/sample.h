// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/clock.h"

namespace sqlicorn::loadgen {

// How a request ended. Everything but kOk is a failure.
enum class Outcome : std::uint8_t {
  kOk,           // a complete answer, status below 400
  kErrorStatus,  // a complete answer, status 400 or above
  kConnect,      // no connection
  kReset,        // the connection broke before the answer
  kClosed,       // the peer closed before the first byte of the answer
  kResetInBody,  // the connection broke within the answer
  kTruncated,    // the peer closed within the answer
  kNotHttp,      // the answer does not parse
  kUnasked,      // more came than the answer
  kTimeout,      // given up by us
  kUnexpected,   // a complete answer that is not what the scenario expects
};

// One finished request.
struct Sample {
  std::size_t task = 0;  // index into Scenario::tasks
  Outcome outcome = Outcome::kOk;
  int status = 0;          // 0 = no answer
  std::string_view cause;  // of kErrorStatus: see SqliteCause; valid while it is reported
  std::uint64_t body_bytes = 0;
  TimePoint intended_start;  // when the schedule wanted it sent; the start itself in a closed loop
  TimePoint start;
  TimePoint end;

  // From when it should have been sent.
  [[nodiscard]] std::uint64_t LatencyUs() const { return Us(end - intended_start); }

  // From when it was.
  [[nodiscard]] std::uint64_t ServiceUs() const { return Us(end - start); }

 private:
  static std::uint64_t Us(Duration duration) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
  }
};

}  // namespace sqlicorn::loadgen
