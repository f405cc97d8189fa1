// SPDX-License-Identifier: MIT
#include "loadgen/scenario/csv.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/base/text.h"

namespace sqlicorn::loadgen {
namespace {

// Reads record after record and counts the lines.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }

  // Where the next record begins.
  [[nodiscard]] std::size_t line() const { return line_; }

  Result<std::vector<std::string>> ReadRecord() {
    std::vector<std::string> fields;
    do {
      Result<std::string> field = ReadField();
      if (!field) {
        return field.error();
      }
      fields.push_back(*std::move(field));
    } while (Take(","));
    if (!Take("\r\n") && !Take("\n") && !AtEnd()) {
      return Error{fmt::format("line {}: a comma must follow the closing quote", line_)};
    }
    ++line_;
    return fields;
  }

 private:
  bool Take(std::string_view what) {
    const bool there = rest_.starts_with(what);
    rest_.remove_prefix(there ? what.size() : 0);
    return there;
  }

  Result<std::string> ReadField() {
    if (Take("\"")) {
      return ReadQuoted();
    }
    const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    std::string_view field = rest_.substr(0, end);
    if (field.ends_with('\r') && end < rest_.size() && rest_[end] == '\n') {
      field.remove_suffix(1);
    }
    rest_.remove_prefix(field.size());
    return std::string(field);
  }

  Result<std::string> ReadQuoted() {
    const std::size_t first_line = line_;
    std::string field;
    while (true) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        return Error{
            fmt::format("line {}: the quote that opens a field is not closed", first_line)};
      }
      const std::string_view part = rest_.substr(0, quote);
      line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
      field.append(part);
      rest_.remove_prefix(quote + 1);
      if (!Take("\"")) {
        return field;
      }
      field.push_back('"');
    }
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

bool IsEmptyLine(const std::vector<std::string>& record) {
  return record.size() == 1 && record.front().empty();
}

std::optional<Error> JudgeRecord(const std::vector<std::string>& record, std::size_t columns,
                                 std::size_t line) {
  if (record.size() != columns) {
    return Error{fmt::format("line {}: {} fields where the first line names {}", line,
                             record.size(), columns)};
  }
  for (const std::string& field : record) {
    if (!IsValidText(field)) {
      return Error{fmt::format("line {}: not UTF-8, or a NUL character", line)};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<CsvTable> ParseCsv(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  CsvTable table;
  CsvReader reader(text);
  while (!reader.AtEnd()) {
    const std::size_t line = reader.line();
    Result<std::vector<std::string>> record = reader.ReadRecord();
    if (!record) {
      return record.error();
    }
    if (IsEmptyLine(*record)) {
      continue;
    }
    const bool names = table.columns.empty();
    if (const auto wrong =
            JudgeRecord(*record, names ? record->size() : table.columns.size(), line)) {
      return *wrong;
    }
    if (names) {
      table.columns = *std::move(record);
    } else {
      table.rows.push_back(*std::move(record));
    }
  }
  if (table.rows.empty()) {
    return Error{"there is no line under the one with the names of the columns"};
  }
  return table;
}

}  // namespace sqlicorn::loadgen
