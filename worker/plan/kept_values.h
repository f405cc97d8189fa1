// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "worker/sqlite/statement.h"

namespace sqlicorn {

// A copy of one value of a row, kept after the row has gone; NULL at first.
class KeptValue {
 public:
  void SetNull() { type_ = ColumnType::kNull; }

  void Set(std::int64_t value);
  // To what it is; NULL counts as 0.
  void Add(std::int64_t value);
  void Take(const ColumnValue& value);

  [[nodiscard]] ColumnType type() const { return type_; }

  // Of text and blobs.
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // As SQL casts it to text; nothing for NULL.
  void AppendTo(std::string* text) const;

  // The statement refers to it until its Reset.
  void BindTo(Statement& statement, int index) const;

  // Not NULL, 0 or empty.
  [[nodiscard]] bool IsTrue() const;

 private:
  ColumnType type_ = ColumnType::kNull;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string bytes_;
};

// What a run of a plan leaves beside its rows: for its own later steps, and for the answer. Used
// again from run to run.
struct PlanResult {
  std::vector<KeptValue> kept;
  std::size_t rows = 0;                       // of the answering step
  ColumnType value_type = ColumnType::kNull;  // of an answer that is one value

  void Clear(std::size_t kept_values);
};

}  // namespace sqlicorn
