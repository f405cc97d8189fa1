// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "worker/plan/outcome.h"

namespace sqlicorn {

class Connection;

// Ends the statements of a connection that have run for too long. Instants are MonotonicUs.
class RunLimit {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  // What the statements that run now may take.
  struct Until {
    std::int64_t slice_us = kNever;  // a read goes on elsewhere then, in slices
    std::int64_t deadline_us = kNever;
  };

  enum class End { kNone, kSlice, kTimeout };

  // Takes the connection's OnProgress; the connection outlives what it runs under the limit.
  explicit RunLimit(Connection& connection);
  RunLimit(const RunLimit&) = delete;
  RunLimit& operator=(const RunLimit&) = delete;

  void Start(const Until& until);

  // From here on nothing is ended. What was, since Start, and by what.
  [[nodiscard]] End Stop();

  // The decision alone.
  [[nodiscard]] static End Judge(const Until& until, std::int64_t now_us);

 private:
  bool OnProgress();

  Until until_;
  End end_ = End::kNone;
};

// How long the statements of a request may take, and which setting says so.
struct TimeLimit {
  double seconds = 0;  // 0 = for ever
  std::string_view setting = "database.statement_timeout";

  [[nodiscard]] std::int64_t After(std::int64_t since_us) const;
};

// What is told of statements that took longer.
[[nodiscard]] Outcome TookTooLong(const TimeLimit& limit);

// And of a read that has waited in line for as long as it might have run, and has not begun.
[[nodiscard]] Outcome NoReaderCame(const TimeLimit& limit);

}  // namespace sqlicorn
