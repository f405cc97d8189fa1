// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/stats/ack_ledger.h"

namespace sqlicorn::loadgen {

// How the writes of a run are found again in the table.
enum class AuditMethod {
  kNone,    // not at all
  kById,    // by the unique value of each request
  kByCount  // by their number alone: some writing task of the scenario has no unique value
};

// The writes that were acknowledged against the rows that are there.
//   rows = acknowledged - lost + duplicates + unacknowledged + unexplained
struct Audit {
  AuditMethod method = AuditMethod::kNone;
  std::uint64_t acknowledged = 0;
  std::uint64_t rows = 0;             // that came with the run
  std::uint64_t lost = 0;             // acknowledged, but not there
  std::uint64_t duplicates = 0;       // there more often than once; unknown (0) by count
  std::uint64_t unexplained = 0;      // nobody asked for them
  std::uint64_t unacknowledged = 0;   // asked for, answered with a failure or not at all: allowed
  std::string why_not;                // with kNone: why an audit that was asked for does not apply
  std::vector<std::string> examples;  // a few of the lost, duplicate and unexplained, in words

  [[nodiscard]] bool clean() const { return lost == 0 && duplicates == 0 && unexplained == 0; }

  void Merge(const Audit& other);
};

// Counts the values read from the table after a run.
class RowTally {
 public:
  // `issued`: see AckLedger.
  RowTally(std::string_view run_id, std::uint64_t issued);

  void Add(std::string_view value);

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

  // Rows that carry no id of this run.
  [[nodiscard]] std::uint64_t foreign() const { return foreign_; }

  // REQUIRES: 1 <= id <= issued.
  [[nodiscard]] std::uint32_t Seen(std::uint64_t id) const { return seen_[id - 1]; }

 private:
  [[nodiscard]] std::uint64_t IdIn(std::string_view value) const;

  std::string mark_;
  std::vector<std::uint32_t> seen_;
  std::uint64_t rows_ = 0;
  std::uint64_t foreign_ = 0;
};

// kById where every inserting task has a unique value. Tasks of weight 0 do not matter.
// REQUIRES: WhyNotAudited is "".
[[nodiscard]] AuditMethod MethodFor(const Scenario& scenario);

// Why the writes of the scenario cannot be audited, and the remedy; "" where they can.
[[nodiscard]] std::string WhyNotAudited(const Scenario& scenario);

// `rows_before`: how many rows the table had before the run, none of them with its id.
[[nodiscard]] Audit JudgeById(const AckLedger& ledger, const RowTally& tally,
                              std::uint64_t rows_before);
[[nodiscard]] Audit JudgeByCount(const AckLedger& ledger, std::uint64_t rows,
                                 std::uint64_t rows_before);

// By the method for the scenario. A query that shows none of what was written is a mistake in the
// plan and no loss: an error that says so. The loss of every single row looks the same, which the
// error says too.
[[nodiscard]] Result<Audit> JudgeRows(const Scenario& scenario, const AckLedger& ledger,
                                      const RowTally& tally, std::uint64_t rows_before);

}  // namespace sqlicorn::loadgen
