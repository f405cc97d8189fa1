// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "loadgen/scenario/value_table.h"

// Texts of a scenario in which "${name}" stands for a value; "$${" is "${" itself.
namespace sqlicorn::loadgen {

// How a value is written where it stands.
enum class Encoding : char {
  kRaw = 'r',
  kLine = 'l',      // a header: control octets become blanks
  kPart = 'p',      // part of a path or query: all but letters, digits and "_.-~" as %XX
  kTarget = 't',    // a whole path, as an answer named it: only what cannot stand there as %XX
  kForm = 'f',      // of a form: as kPart, a blank as '+'
  kJsonText = 'j',  // within a JSON string
  kJsonWhole = 'w'  // a JSON string of its own, or a number where the value is one
};

void AppendEncoded(std::string_view text, bool is_number, Encoding encoding, std::string* out);

// The names a text may use, and where they are in the table.
class KnownValues {
 public:
  // What the table has, but nothing that is taken from answers. `table` outlives this.
  explicit KnownValues(const ValueTable& table);

  // From now on the value may be used.
  void Admit(std::size_t index) { taken_.push_back(index); }

  // "there is no value 'x' here", with what may have been meant.
  [[nodiscard]] Result<std::size_t> Find(std::string_view name) const;

  [[nodiscard]] const ValueTable& table() const { return table_; }

 private:
  [[nodiscard]] bool Has(std::size_t index) const;

  const ValueTable& table_;
  std::vector<std::size_t> taken_;
};

struct TextPiece {
  std::string text;                  // of a literal
  std::optional<std::size_t> value;  // index into ValueTable::values
};

[[nodiscard]] Result<std::vector<TextPiece>> ParseText(std::string_view text,
                                                       const KnownValues& known);

// In an encoded request a mark stands for each value: a NUL, which nothing else may contain, four
// hexadecimal digits and the encoding.
inline constexpr char kMarkBegin = '\0';
inline constexpr std::size_t kMarkSize = 6;

void AppendMark(std::size_t value, Encoding encoding, std::string* out);

struct Mark {
  std::size_t value = 0;
  Encoding encoding = Encoding::kRaw;
};

// REQUIRES: `text` begins with a mark.
[[nodiscard]] Mark ReadMark(std::string_view text);

[[nodiscard]] inline bool HasMark(std::string_view text) {
  return text.find(kMarkBegin) != std::string_view::npos;
}

// `text` encoded, with a mark for each value.
[[nodiscard]] Result<std::string> EncodeText(std::string_view text, Encoding encoding,
                                             const KnownValues& known);

}  // namespace sqlicorn::loadgen
