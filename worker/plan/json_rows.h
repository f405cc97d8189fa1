// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

class Statement;

// Appends result rows to a string as a JSON array of objects, column names as keys. NULL is null,
// integers are exact, reals have the shortest form that reads back as the same real (infinities,
// which JSON lacks, are null), text that is not UTF-8 gets U+FFFD for the bad octets, and a blob is
// a string in base64.
class JsonRows {
 public:
  // More rows than this would be a danger to the process.
  static constexpr std::size_t kMaxBytes = 64U << 20U;

  // `out` must outlive the writer.
  explicit JsonRows(std::string* out) : out_(*out) { out_ += '['; }

  // The row the statement stands on. False when the rows are larger than kMaxBytes: what was
  // appended is not whole then.
  [[nodiscard]] bool Append(const Statement& statement);

  void Close() { out_ += ']'; }

 private:
  void LearnNames(const Statement& statement);
  void AppendValue(const Statement& statement, int column);
  // `value` itself, or nothing when it does not fit any more.
  [[nodiscard]] std::string_view Fitting(std::string_view value);

  std::string& out_;
  std::string names_;                    // "a":"b":… of the columns, one behind the other
  std::vector<std::size_t> names_ends_;  // in it, of each; none before the first row
  bool full_ = false;
};

// `text` as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace sqlicorn
