// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/value.h"

namespace sqlicorn {

// All we know about the pragmas of SQLite: what [database.pragmas] may hold, and for the worker how
// to apply and verify it.

enum class PragmaKind {
  kInteger,  // within [min, max]
  kChoice,   // one of `words`; SQLite answers with the index of the word
  kWord,     // one of `words`; SQLite answers with the word
};

enum class PragmaLevel {
  kConnection,  // forgotten when the connection closes
  kFile,        // kept in the file: set once, by the preparing process
};

enum class PragmaReport { kNo, kYes };

struct PragmaRule {
  std::string_view name;
  PragmaKind kind = PragmaKind::kInteger;
  PragmaLevel level = PragmaLevel::kConnection;
  PragmaReport report = PragmaReport::kNo;
  std::span<const std::string_view> words = {};
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::string_view hint = {};  // why SQLite may have kept another value
};

// Every pragma that can be set and verified, in the order that works.
[[nodiscard]] std::span<const PragmaRule> PragmaRules();

// What SQLite answered, in the spelling of PragmaSpec::value; an answer without one is returned as
// it is.
[[nodiscard]] std::string CanonicalAnswer(const PragmaRule& rule, const std::string& answer);

// What a pragma's value is judged against.
struct PragmaContext {
  bool unsafe = false;
  std::int64_t workers = 1;
};

// One member of [database.pragmas], checked before SQLite sees it: SQLite takes unknown pragmas and
// nonsense values without a word (sqlite.org/pragma.html). The verdict is final; whether the value
// took is for the worker to read back.
[[nodiscard]] Result<PragmaSpec> CheckPragma(const std::string& name, const Value& value,
                                             const PragmaContext& context);

}  // namespace sqlicorn
