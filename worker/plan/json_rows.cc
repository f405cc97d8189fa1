// SPDX-License-Identifier: MIT
#include "worker/plan/json_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/text.h"
#include "worker/sqlite/statement.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// What a JSON string holds as it is.
bool IsPlain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void AppendEscape(char c, std::string* out) {
  switch (c) {
    case '"':
      *out += "\\\"";
      break;
    case '\\':
      *out += "\\\\";
      break;
    case '\n':
      *out += "\\n";
      break;
    case '\r':
      *out += "\\r";
      break;
    case '\t':
      *out += "\\t";
      break;
    default:
      *out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  }
}

// `text` is UTF-8.
void AppendEscaped(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const auto* const special = std::find_if_not(text.begin(), text.end(), IsPlain);
    const auto plain = static_cast<std::size_t>(special - text.begin());
    out->append(text.substr(0, plain));
    if (plain == text.size()) {
      return;
    }
    AppendEscape(*special, out);
    text.remove_prefix(plain + 1);
  }
}

// Every integer up to there is a double, and JavaScript has no others.
bool FitsDouble(std::int64_t value) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  return value >= -kLimit && value <= kLimit;
}

// Between the tokens of JSON a line end is a blank, and within them there is none.
void AppendOnOneLine(std::string_view json, std::string* out) {
  const std::size_t begin = out->size();
  *out += json;
  std::replace_if(
      out->begin() + static_cast<std::ptrdiff_t>(begin), out->end(),
      [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  *out += '"';
  while (!text.empty()) {
    const std::size_t valid = ValidPrefix(text);
    AppendEscaped(text.substr(0, valid), out);
    text.remove_prefix(valid);
    if (!text.empty()) {
      *out += kReplacement;
      text.remove_prefix(1);
    }
  }
  *out += '"';
}

void AppendBase64(std::string_view blob, std::string* out) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < blob.size(); i += 3) {
    const std::string_view part = blob.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      *out += k <= part.size() ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
}

void AppendReal(double value, std::string_view infinite, std::string* out) {
  if (!std::isfinite(value)) {
    *out += infinite;
    return;
  }
  const std::string text = fmt::to_string(value);
  *out += text;
  // Without a sign of it a reader would take a whole number for an integer.
  if (text.find_first_of(".e") == std::string::npos) {
    *out += ".0";
  }
}

void AppendInteger(std::int64_t value, std::string* out) {
  const fmt::format_int text(value);
  out->append(text.data(), text.size());
}

bool JsonObjects::Append(const Statement& statement) {
  if (names_ends_.empty()) {
    LearnNames(statement);
  }
  out_ += '{';
  std::size_t begin = 0;
  int column = 0;
  for (const std::size_t end : names_ends_) {
    if (column > 0) {
      out_ += ',';
    }
    out_.append(names_, begin, end - begin);
    if (style_ == nullptr) {
      AppendValue(statement, column++);
    } else {
      AppendStyled(statement, column++);
    }
    begin = end;
  }
  out_ += '}';
  return !full_ && out_.size() <= JsonRows::kMaxBytes;
}

// Once: they are those of the first row. A statement is prepared anew at its first step only.
void JsonObjects::LearnNames(const Statement& statement) {
  const int columns = statement.column_count();
  for (int column = 0; column < columns; ++column) {
    const std::string_view name = statement.column_name(column);
    AppendJsonString(name, &names_);
    names_ += ':';
    names_ends_.push_back(names_.size());
    if (style_ != nullptr) {
      const auto& json = style_->json_columns;
      is_json_.push_back(std::find(json.begin(), json.end(), name) != json.end());
    }
  }
}

// Asked before a value is copied: SQLite allows one of a gigabyte.
std::string_view JsonObjects::Fitting(std::string_view value) {
  full_ = full_ || out_.size() + value.size() > JsonRows::kMaxBytes;
  return full_ ? std::string_view() : value;
}

void JsonObjects::AppendValue(const Statement& statement, int column) {
  const ColumnValue value = statement.column(column);
  switch (value.type()) {
    case ColumnType::kNull:
      out_ += "null";
      break;
    case ColumnType::kInteger:
      AppendInteger(value.Integer(), &out_);
      break;
    case ColumnType::kReal:
      AppendReal(value.Real(), "null", &out_);
      break;
    case ColumnType::kText:
      AppendJsonString(Fitting(value.Text()), &out_);
      break;
    case ColumnType::kBlob:
      out_ += '"';
      AppendBase64(Fitting(value.Blob()), &out_);
      out_ += '"';
      break;
  }
}

// Text that is said to be JSON and is none stays a string, or nobody could read the rest of it.
void JsonObjects::AppendStyled(const Statement& statement, int column) {
  const ColumnValue value = statement.column(column);
  const ColumnType type = value.type();
  if (type == ColumnType::kText && is_json_[static_cast<std::size_t>(column)]) {
    const std::string_view text = Fitting(value.Text());
    if (nlohmann::json::accept(text)) {
      AppendOnOneLine(text, &out_);
      return;
    }
  }
  if (type == ColumnType::kInteger && style_->big_integers == BigIntegers::kString &&
      !FitsDouble(value.Integer())) {
    out_ += '"';
    AppendInteger(value.Integer(), &out_);
    out_ += '"';
    return;
  }
  AppendValue(statement, column);
}

}  // namespace sqlicorn
