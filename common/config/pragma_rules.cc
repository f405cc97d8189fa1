// SPDX-License-Identifier: MIT
#include "common/config/pragma_rules.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/suggest.h"
#include "common/config/table_reader.h"

namespace sqlicorn {
namespace {

// A word SQLite knows and the number that means the same, if there is one.
struct Word {
  const char* name;
  const char* number;
};

// Words where there are any, else an integer within the range.
struct PragmaRule {
  const char* name;
  std::vector<Word> words;
  Range<std::int64_t> range = {0, 0};
};

constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 40;

const std::vector<Word> kSwitch = {{"off", "0"}, {"on", "1"}};

// What SQLite 3.40 reads back the way it was set. cache_spill reads back a page count when on.
const std::vector<PragmaRule> kRules = {
    {"journal_mode",
     {{"delete", ""}, {"truncate", ""}, {"persist", ""}, {"wal", ""}, {"memory", ""}, {"off", ""}}},
    {"synchronous", {{"off", "0"}, {"normal", "1"}, {"full", "2"}, {"extra", "3"}}},
    {"locking_mode", {{"normal", ""}, {"exclusive", ""}}},
    {"temp_store", {{"default", "0"}, {"file", "1"}, {"memory", "2"}}},
    {"auto_vacuum", {{"none", "0"}, {"full", "1"}, {"incremental", "2"}}},
    {"secure_delete", {{"off", "0"}, {"on", "1"}, {"fast", ""}}},
    {"cache_spill", {{"off", "0"}}},
    {"automatic_index", kSwitch},
    {"cell_size_check", kSwitch},
    {"checkpoint_fullfsync", kSwitch},
    {"foreign_keys", kSwitch},
    {"fullfsync", kSwitch},
    {"read_uncommitted", kSwitch},
    {"recursive_triggers", kSwitch},
    {"reverse_unordered_selects", kSwitch},
    {"trusted_schema", kSwitch},
    {"analysis_limit", {}, {0, kMaxInt}},
    {"application_id", {}, {-kMaxInt, kMaxInt}},
    {"cache_size", {}, {-kMaxInt, kMaxInt}},
    {"hard_heap_limit", {}, {0, kMaxBytes}},
    {"journal_size_limit", {}, {-1, kMaxBytes}},
    {"max_page_count", {}, {1, 4294967294}},
    {"mmap_size", {}, {0, kMaxBytes}},
    {"page_size", {}, {512, 65536}},
    {"soft_heap_limit", {}, {0, kMaxBytes}},
    {"threads", {}, {0, 8}},
    {"wal_autocheckpoint", {}, {0, kMaxInt}},
};

struct RefusedPragma {
  const char* name;
  const char* why;
};

const std::vector<RefusedPragma> kRefused = {
    {"busy_timeout", "use database.timeout"},
    {"case_sensitive_like", "SQLite cannot read it back; write GLOB in the statement"},
    {"defer_foreign_keys", "it lasts for one transaction only"},
    {"encoding", "the database is always UTF-8"},
    {"ignore_check_constraints", "it lets in rows the schema forbids"},
    {"incremental_vacuum", "it is an action, not a setting"},
    {"legacy_alter_table", "it belongs into a schema file"},
    {"optimize", "it is an action, not a setting"},
    {"query_only", "the statements of the endpoints decide what is written"},
    {"schema_version", "changing it can corrupt the database"},
    {"temp_store_directory", "set the environment variable SQLITE_TMPDIR"},
    {"user_version", "it belongs into a schema file"},
    {"wal_checkpoint", "it is an action, not a setting"},
    {"writable_schema", "it can corrupt the database"},
};

std::string Label(const std::string& name) {
  return "database.pragmas." + name;
}

std::string ToLower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Error UnknownPragma(const std::string& name) {
  for (const RefusedPragma& refused : kRefused) {
    if (name == refused.name) {
      return Error{fmt::format("{} cannot be set: {}", Label(name), refused.why)};
    }
  }
  std::vector<std::string> names(kRules.size());
  std::transform(kRules.begin(), kRules.end(), names.begin(),
                 [](const PragmaRule& rule) { return rule.name; });
  return Error{fmt::format("unknown pragma '{}'{}", name, DidYouMean(name, names))};
}

// The value in the spelling of the rules: "on" for true, "1" for 1, "wal" for "WAL".
std::optional<std::string> ToWord(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    return *flag ? "on" : "off";
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    return std::to_string(*number);
  }
  const auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) {
    return std::nullopt;
  }
  const std::string lower = ToLower(*text);
  return lower == "true" ? "on" : lower == "false" ? "off" : lower;
}

Result<std::string> CheckWord(const PragmaRule& rule, const Value& value) {
  const std::optional<std::string> wanted = ToWord(value);
  std::vector<std::string> names;
  for (const Word& word : rule.words) {
    if (wanted && !wanted->empty() && (*wanted == word.name || *wanted == word.number)) {
      return std::string(word.name);
    }
    names.emplace_back(word.name);
  }
  const auto* text = std::get_if<std::string>(&value.data);
  return Error{fmt::format("{} must be one of {}, not {}{}", Label(rule.name),
                           fmt::join(names, ", "), Describe(value),
                           text == nullptr ? "" : DidYouMean(*text, names))};
}

Result<std::string> CheckInteger(const PragmaRule& rule, const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number == nullptr) {
    return Error{fmt::format("{} must be an integer, not {}", Label(rule.name), Describe(value))};
  }
  if (*number < rule.range.min || *number > rule.range.max) {
    return Error{fmt::format("{} must be {} to {}, not {}", Label(rule.name), rule.range.min,
                             rule.range.max, *number)};
  }
  const bool power_of_two = (*number & (*number - 1)) == 0;
  if (std::string_view(rule.name) == "page_size" && !power_of_two) {
    return Error{fmt::format("{} must be a power of two, not {}", Label(rule.name), *number)};
  }
  return std::to_string(*number);
}

// Refuses what is valid for SQLite and wrong behind a server.
Status CheckSafety(const PragmaSpec& pragma, const PragmaContext& context) {
  const bool no_journal =
      pragma.name == "journal_mode" && (pragma.value == "memory" || pragma.value == "off");
  const bool no_sync = pragma.name == "synchronous" && pragma.value == "off";
  if ((no_journal || no_sync) && !context.unsafe) {
    return Error{
        fmt::format("{} = \"{}\" can corrupt the database in a crash; set database.unsafe = true "
                    "to have it all the same",
                    Label(pragma.name), pragma.value)};
  }
  if (pragma.name == "locking_mode" && pragma.value == "exclusive" && context.workers > 1) {
    return Error{
        fmt::format("{} = \"exclusive\" locks out every worker but one; use server.workers = 1 or "
                    "\"normal\"",
                    Label(pragma.name))};
  }
  return {};
}

}  // namespace

Result<PragmaSpec> CheckPragma(const std::string& name, const Value& value,
                               const PragmaContext& context) {
  const std::string place = value.place.ToString();
  const auto rule = std::find_if(kRules.begin(), kRules.end(),
                                 [&name](const PragmaRule& r) { return name == r.name; });
  if (rule == kRules.end()) {
    return UnknownPragma(name).In(place);
  }
  Result<std::string> text =
      rule->words.empty() ? CheckInteger(*rule, value) : CheckWord(*rule, value);
  if (!text) {
    return text.error().In(place);
  }
  PragmaSpec pragma{name, *std::move(text), value.place};
  if (const Status safe = CheckSafety(pragma, context); !safe) {
    return safe.error().In(place);
  }
  return pragma;
}

}  // namespace sqlicorn
