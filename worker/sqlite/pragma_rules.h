// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace sqlicorn {

enum class PragmaKind {
  kWord,     // SQLite answers with the word itself
  kChoice,   // words in, their numbers out
  kSwitch,   // on or off; SQLite answers with a number
  kInteger,  // within [min, max]
};

enum class PragmaLevel {
  kFile,        // kept in the file: set once, by the preparing process
  kConnection,  // forgotten when the connection closes
};

enum class PragmaReport { kNo, kYes };

// What we know about one pragma. SQLite takes nonsense silently (`synchronous = bogus` is normal),
// so values are judged here before it sees them.
struct PragmaRule {
  std::string_view name;
  PragmaKind kind = PragmaKind::kInteger;
  PragmaLevel level = PragmaLevel::kConnection;
  PragmaReport report = PragmaReport::kNo;
  std::span<const std::string_view> words = {};  // kChoice: the index is SQLite's number
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view hint = {};  // why SQLite may have kept another value
};

// Every pragma that can be set and verified, in the order that works.
[[nodiscard]] std::span<const PragmaRule> PragmaRules();

// nullptr when there is none.
[[nodiscard]] const PragmaRule* FindPragmaRule(std::string_view name);

// The one spelling of a value: "WAL" → "wal", "1" for synchronous → "normal", "yes" → "on".
// The error says what would be right.
[[nodiscard]] Result<std::string> CanonicalValue(const PragmaRule& rule, std::string_view value);

// The same spelling for what SQLite answered; an answer without one is returned as it is.
[[nodiscard]] std::string CanonicalAnswer(const PragmaRule& rule, const std::string& answer);

}  // namespace sqlicorn
