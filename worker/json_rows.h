// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

class Statement;

// Appends result rows to a string as a JSON array of objects, column names as keys. NULL is null,
// integers are exact, reals have the shortest form that reads back the same (infinities, which JSON
// lacks, are null), text that is not UTF-8 gets U+FFFD for the bad octets, and a blob is a string
// in base64.
class JsonRows {
 public:
  // `out` must outlive the writer.
  explicit JsonRows(std::string* out) : out_(*out) { out_ += '['; }

  // The row the statement stands on.
  void Append(const Statement& statement);

  void Close() { out_ += ']'; }

 private:
  void AppendValue(const Statement& statement, int column);

  std::string& out_;
  bool first_ = true;
};

// `text` as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace sqlicorn
