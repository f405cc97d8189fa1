// SPDX-License-Identifier: MIT
#include "worker/plan/csv_rows.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "worker/plan/json_rows.h"
#include "worker/sqlite/statement.h"

namespace sqlicorn {
namespace {

constexpr std::array<bool, 256> MakeQuoted() {
  std::array<bool, 256> quoted{};
  for (const unsigned char c : {'"', ',', '\r', '\n'}) {
    quoted.at(c) = true;
  }
  return quoted;
}

constexpr std::array<bool, 256> kQuoted = MakeQuoted();

bool NeedsQuotes(std::string_view text) {
  return text.empty() || std::any_of(text.begin(), text.end(),
                                     [](char c) { return kQuoted[static_cast<unsigned char>(c)]; });
}

}  // namespace

void AppendCsvText(std::string_view text, std::string* out) {
  if (!NeedsQuotes(text)) {
    *out += text;
    return;
  }
  *out += '"';
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('"'), text.size() - 1) + 1;
    *out += text.substr(0, end);
    if (text[end - 1] == '"') {
      *out += '"';
    }
    text.remove_prefix(end);
  }
  *out += '"';
}

bool CsvRows::Append(const Statement& statement) {
  if (columns_ == 0) {
    AppendNames(statement);
  }
  for (int column = 0; column < columns_; ++column) {
    if (column > 0) {
      out_ += ',';
    }
    AppendValue(statement, column);
  }
  out_ += "\r\n";
  return !full_ && out_.size() <= JsonRows::kMaxBytes;
}

void CsvRows::Close() {
  if (columns_ == 0) {
    AppendNames(statement_);
  }
}

void CsvRows::AppendNames(const Statement& statement) {
  columns_ = statement.column_count();
  for (int column = 0; column < columns_; ++column) {
    if (column > 0) {
      out_ += ',';
    }
    AppendCsvText(statement.column_name(column), &out_);
  }
  out_ += "\r\n";
}

void CsvRows::AppendValue(const Statement& statement, int column) {
  const ColumnValue value = statement.column(column);
  switch (value.type()) {
    case ColumnType::kNull:
      break;
    case ColumnType::kInteger:
      AppendInteger(value.Integer(), &out_);
      break;
    case ColumnType::kReal:
      AppendReal(value.Real(), "", &out_);
      break;
    case ColumnType::kText:
    case ColumnType::kBlob: {
      const bool is_text = value.type() == ColumnType::kText;
      const std::string_view octets = is_text ? value.Text() : value.Blob();
      full_ = full_ || out_.size() + octets.size() > JsonRows::kMaxBytes;
      if (full_) {
        break;
      }
      if (is_text) {
        AppendCsvText(octets, &out_);
      } else {
        AppendBase64(octets, &out_);
      }
      break;
    }
  }
}

}  // namespace sqlicorn
