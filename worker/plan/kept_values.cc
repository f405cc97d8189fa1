// SPDX-License-Identifier: MIT
#include "worker/plan/kept_values.h"

#include <fmt/format.h>

namespace sqlicorn {

void KeptValue::Set(std::int64_t value) {
  type_ = ColumnType::kInteger;
  integer_ = value;
}

void KeptValue::Add(std::int64_t value) {
  Set(type_ == ColumnType::kInteger ? integer_ + value : value);
}

void KeptValue::Take(const ColumnValue& value) {
  type_ = value.type();
  switch (type_) {
    case ColumnType::kInteger:
      integer_ = value.Integer();
      break;
    case ColumnType::kReal:
      real_ = value.Real();
      break;
    case ColumnType::kText:
      bytes_ = value.Text();
      break;
    case ColumnType::kBlob:
      bytes_ = value.Blob();
      break;
    case ColumnType::kNull:
      break;
  }
}

void KeptValue::AppendTo(std::string* text) const {
  switch (type_) {
    case ColumnType::kInteger:
      *text += fmt::to_string(integer_);
      break;
    case ColumnType::kReal:
      *text += fmt::to_string(real_);
      break;
    case ColumnType::kText:
    case ColumnType::kBlob:
      *text += bytes_;
      break;
    case ColumnType::kNull:
      break;
  }
}

void KeptValue::BindTo(Statement& statement, int index) const {
  switch (type_) {
    case ColumnType::kInteger:
      statement.BindInteger(index, integer_);
      break;
    case ColumnType::kReal:
      statement.BindReal(index, real_);
      break;
    case ColumnType::kText:
      statement.BindText(index, bytes_);
      break;
    case ColumnType::kBlob:
      statement.BindBlob(index, bytes_);
      break;
    case ColumnType::kNull:
      statement.BindNull(index);
      break;
  }
}

bool KeptValue::IsTrue() const {
  switch (type_) {
    case ColumnType::kInteger:
      return integer_ != 0;
    case ColumnType::kReal:
      return real_ != 0;
    case ColumnType::kText:
    case ColumnType::kBlob:
      return !bytes_.empty();
    case ColumnType::kNull:
      break;
  }
  return false;
}

void PlanResult::Clear(std::size_t kept_values) {
  kept.resize(kept_values);
  for (KeptValue& value : kept) {
    value.SetNull();
  }
  rows = 0;
  value_type = ColumnType::kNull;
}

}  // namespace sqlicorn
