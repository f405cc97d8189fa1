// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

class Statement;

// Appends result rows to a string as CSV (RFC 4180): a line of column names, then a line for each
// row, all ended by CRLF. NULL is nothing and empty text is "", a blob is base64, numbers are as
// JsonRows writes them.
class CsvRows {
 public:
  // Both must outlive the writer.
  CsvRows(std::string* out, const Statement& statement) : out_(*out), statement_(statement) {}

  // The row the statement stands on. False when the rows are larger than JsonRows::kMaxBytes.
  [[nodiscard]] bool Append(const Statement& statement);

  // The names are written even where there was no row.
  void Close();

 private:
  void AppendNames(const Statement& statement);
  void AppendValue(const Statement& statement, int column);

  std::string& out_;
  const Statement& statement_;
  int columns_ = 0;  // 0 before the names
  bool full_ = false;
};

// In quotes where it holds what would end it, and where it is empty, which NULL is not.
void AppendCsvText(std::string_view text, std::string* out);

}  // namespace sqlicorn
