// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/answer_spec.h"

namespace sqlicorn {

class Statement;

// How rows become JSON where their endpoint says more than nothing about it.
struct JsonStyle {
  std::vector<std::string> json_columns;  // whose text is JSON already
  BigIntegers big_integers = BigIntegers::kNumber;
};

// Appends result rows to a string, each as a JSON object with column names as keys. NULL is null,
// integers are exact, reals have the shortest form that reads back as the same real (infinities,
// which JSON lacks, are null), text that is not UTF-8 gets U+FFFD for the bad octets, and a blob is
// a string in base64.
class JsonObjects {
 public:
  // Both outlive the writer; without a style integers are numbers and all text is text.
  JsonObjects(std::string* out, const JsonStyle* style) : out_(*out), style_(style) {}

  // The row the statement stands on. False when the rows are larger than JsonRows::kMaxBytes: what
  // was appended is not whole then.
  [[nodiscard]] bool Append(const Statement& statement);

  [[nodiscard]] bool any() const { return !names_ends_.empty(); }

 private:
  void LearnNames(const Statement& statement);
  void AppendValue(const Statement& statement, int column);
  void AppendStyled(const Statement& statement, int column);
  // `value` itself, or nothing when it does not fit any more.
  [[nodiscard]] std::string_view Fitting(std::string_view value);

  std::string& out_;
  const JsonStyle* style_;
  std::string names_;                    // "a":"b":… of the columns, one behind the other
  std::vector<std::size_t> names_ends_;  // in it, of each; none before the first row
  std::vector<bool> is_json_;            // with a style: of each column
  bool full_ = false;
};

// Rows as a JSON array of objects.
class JsonRows {
 public:
  // More rows than this would be a danger to the process.
  static constexpr std::size_t kMaxBytes = 64U << 20U;

  explicit JsonRows(std::string* out, const JsonStyle* style = nullptr)
      : out_(*out), objects_(out, style) {
    out_ += '[';
  }

  [[nodiscard]] bool Append(const Statement& statement) {
    if (objects_.any()) {
      out_ += ',';
    }
    return objects_.Append(statement);
  }

  void Close() { out_ += ']'; }

 private:
  std::string& out_;
  JsonObjects objects_;
};

// Rows as JSON objects, each on a line of its own.
class NdjsonRows {
 public:
  NdjsonRows(std::string* out, const JsonStyle* style) : out_(*out), objects_(out, style) {}

  [[nodiscard]] bool Append(const Statement& statement) {
    const bool fits = objects_.Append(statement);
    out_ += '\n';
    return fits;
  }

  void Close() {}

 private:
  std::string& out_;
  JsonObjects objects_;
};

// `text` as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

void AppendInteger(std::int64_t value, std::string* out);

// `infinite`: what stands for an infinity.
void AppendReal(double value, std::string_view infinite, std::string* out);

void AppendBase64(std::string_view blob, std::string* out);

}  // namespace sqlicorn
