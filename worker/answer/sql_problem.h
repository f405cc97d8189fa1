// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "worker/plan/outcome.h"

namespace sqlicorn {

// The statuses that a configuration chooses.
struct ChosenStatuses {
  int busy = 503;
  int raise = 409;  // of RAISE(ABORT, 'message')
};

// What a client is told of an outcome that is no success. The error log has SQLite's own words; of
// these only such as hold neither SQL nor a name of the machine go to a client.
struct SqlProblem {
  int status = 500;
  std::string detail;      // ends with "(SQLITE_…)", the name of the code
  std::string constraint;  // "t.v", the name of a CHECK or an index; "" = none, or it has no name
};

// Sorted by SQLite's extended code first. Where all have the code SQLITE_ERROR by the beginning of
// the message, as SQLite 3.40.1 and 3.54.1 word them; what is not known is told as refused.
// REQUIRES: not kCommitted.
[[nodiscard]] SqlProblem ExplainToClient(const Outcome& outcome, const ChosenStatuses& chosen);

}  // namespace sqlicorn
