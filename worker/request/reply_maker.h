// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/config/server_config.h"
#include "worker/answer/sql_problem.h"
#include "worker/request/exchange.h"

namespace sqlicorn {

// Makes the reply to a request from the outcome of its job, and says in the error log what kept it
// from a good one. The only place where either is decided.
class ReplyMaker {
 public:
  // `database` outlives the maker.
  explicit ReplyMaker(const DatabaseSettings& database) : database_(database) {}

  // What the head of a good answer says, while its rows are still being made.
  static void Begin(Exchange& exchange);

  // Fills exchange.reply, whose body holds the rows so far, and counts the answer.
  void Answer(Exchange& exchange);

  // Tells of log lines that were held back. Call it now and then.
  void ReportHeldBack(TimePoint now);

  // A statement has failed in a way that SqlStatus::leaves_doubt: the connection had better be
  // opened anew.
  [[nodiscard]] bool in_doubt() const { return in_doubt_; }

 private:
  void Explain(Exchange& exchange, const SqlProblem& problem);
  [[nodiscard]] LogThrottle& ThrottleOf(const Outcome& outcome);
  void LogProblem(const Exchange& exchange, std::string_view what);

  const DatabaseSettings& database_;
  LogThrottle busy_log_{"requests that could not get the lock"};
  LogThrottle waited_log_{"requests whose turn did not come"};
  LogThrottle rejected_log_{"requests that SQLite refused"};
  LogThrottle failed_log_{"requests that failed"};
  bool in_doubt_ = false;
};

}  // namespace sqlicorn
