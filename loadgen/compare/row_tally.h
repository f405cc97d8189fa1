// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadgen/scenario/scenario.h"
#include "loadgen/server/query_output.h"

namespace sqlicorn::loadgen {

// What the rows of one inserting task are to be.
struct ExpectedRow {
  std::string
      unique;  // the whole value with the id, kUniqueMark in its place; "" = drawn each time
  std::vector<std::pair<std::string, std::string>> fields;  // the others that never vary, by name
};

// Those of all inserting tasks with a unique value, from their form or JSON bodies, or the query
// that has it.
[[nodiscard]] std::vector<ExpectedRow> ExpectedRows(const Scenario& scenario);

// The rows that were there before a run, none of them with its id: eight bytes of each.
class RowsBefore {
 public:
  void Add(const Row& row) { digests_.push_back(DigestOf(row)); }

  // To be called after the last of them.
  void Close();

  [[nodiscard]] std::uint64_t count() const { return digests_.size(); }

  [[nodiscard]] bool Has(std::uint64_t digest) const;

  // Rising.
  [[nodiscard]] const std::vector<std::uint64_t>& digests() const { return digests_; }

  // Of names and values.
  [[nodiscard]] static std::uint64_t DigestOf(const Row& row);

 private:
  std::vector<std::uint64_t> digests_;
};

// Counts the rows read from the table after a run.
class RowTally {
 public:
  // `issued`: see AckLedger. `before` outlives the tally.
  RowTally(std::string_view run_id, std::uint64_t issued, const RowsBefore& before,
           std::vector<ExpectedRow> expected = {});

  // The unique value is in the first column, and is compared as a whole. The others are compared
  // with the fields of their names that were sent, numbers as numbers. A row without an id of the
  // run is compared with those from before it.
  void Add(const Row& row);

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

  [[nodiscard]] std::uint64_t rows_before() const { return before_.count(); }

  // Rows of this run that no task would have made.
  [[nodiscard]] std::uint64_t altered() const { return altered_; }

  [[nodiscard]] const std::string& altered_example() const { return altered_example_; }

  // Whether there was a column to compare, beside that of the unique value.
  [[nodiscard]] bool compares() const { return compares_; }

  // REQUIRES: 1 <= id <= issued.
  [[nodiscard]] std::uint32_t Seen(std::uint64_t id) const { return seen_[id - 1]; }

  // What became of the rows from before, and what else carries no id of the run.
  struct Others {
    std::uint64_t missing = 0;  // from before, and not there as they were
    std::uint64_t strange = 0;  // there, and not from before
    std::string example;        // of the strange ones, in words
  };

  [[nodiscard]] Others CompareOthers() const;

 private:
  [[nodiscard]] std::uint64_t IdIn(std::string_view value) const;
  [[nodiscard]] bool HasCutId(std::string_view value) const;
  void Compare(std::uint64_t id, const Row& row);
  void AddOther(const Row& row);

  std::string mark_;
  std::vector<std::uint32_t> seen_;
  const RowsBefore& before_;
  std::vector<ExpectedRow> expected_;
  std::uint64_t rows_ = 0;
  std::vector<std::uint64_t> others_;  // digests of the rows without an id of the run
  std::string strange_example_;
  std::uint64_t altered_ = 0;
  std::string altered_example_;
  bool compares_ = false;
};

}  // namespace sqlicorn::loadgen
