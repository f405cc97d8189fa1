// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/compare/row_tally.h"
#include "loadgen/plan/comparison_plan.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/ack_ledger.h"

namespace sqlicorn::loadgen {

// How the writes of a run are found again in the table.
enum class AuditMethod {
  kNone,     // not at all
  kById,     // by the unique value of each request
  kByValue,  // by that, and by the other values of the row, which the requests determine
  kByCount   // by their number alone: some writing task of the scenario has no unique value
};

// "value", "id", "count", "nothing".
[[nodiscard]] std::string_view MethodText(AuditMethod method);

// The writes that were acknowledged against the rows that are there.
//   rows = acknowledged - lost + duplicates + unacknowledged + unexplained
struct Audit {
  AuditMethod method = AuditMethod::kNone;
  std::uint64_t acknowledged = 0;
  std::uint64_t rows = 0;            // that came with the run
  std::uint64_t lost = 0;            // acknowledged, but not there
  std::uint64_t duplicates = 0;      // there more often than once; unknown (0) by count
  std::uint64_t unexplained = 0;     // nobody asked for them
  std::uint64_t unacknowledged = 0;  // asked for, answered with a failure or not at all: allowed
  std::string why_not{};             // with kNone: why an audit that was asked for does not apply
  std::vector<std::string> examples{};  // a few of what is wrong, in words
  std::uint64_t altered = 0;  // there, but with other values than were sent, or than before the run
  std::string unreadable{};   // why the rows cannot be read any more; "" = they can

  [[nodiscard]] bool clean() const {
    return lost == 0 && duplicates == 0 && unexplained == 0 && altered == 0 && unreadable.empty();
  }

  // Whether none of what was acknowledged is among the rows: it is lost, or the query does not
  // select it. Another run that shows its own proves the query.
  [[nodiscard]] bool shows_none() const {
    return acknowledged > 0 && lost >= acknowledged && unacknowledged == 0;
  }

  [[nodiscard]] bool proves_query() const {
    return acknowledged > 0 && unreadable.empty() && !shows_none();
  }

  void Merge(const Audit& other);
};

// "ok", "FAILED", "nothing audited" where no write was acknowledged, "not audited" where an audit
// that was asked for does not apply, "-" where none was.
[[nodiscard]] std::string_view VerdictText(const Audit& audit);

// kById where every inserting task has a unique value (kByValue is told by the query). Tasks of
// weight 0 do not matter. REQUIRES: WhyNotAudited is "".
[[nodiscard]] AuditMethod MethodFor(const Scenario& scenario);

// Why the writes of the scenario cannot be audited, and the remedy; "" where they can.
[[nodiscard]] std::string WhyNotAudited(const Scenario& scenario);

// Likewise those of a configuration: the audit reads the database of the run, and a server that is
// not told its name keeps its rows elsewhere.
[[nodiscard]] std::string WhyNotAudited(const PlanConfiguration& configuration);

[[nodiscard]] Audit JudgeById(const AckLedger& ledger, const RowTally& tally);
[[nodiscard]] Audit JudgeByCount(const AckLedger& ledger, const RowTally& tally);

// By the method for the scenario.
[[nodiscard]] Audit JudgeRows(const Scenario& scenario, const AckLedger& ledger,
                              const RowTally& tally);

// What an audit that shows none of the writes may mean: both readings.
[[nodiscard]] std::string ShowsNoneText(const Audit& audit);

}  // namespace sqlicorn::loadgen
