// SPDX-License-Identifier: MIT
#include "common/config/pragma_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/text.h"

namespace sqlicorn {
namespace {

using std::string_view;
using enum PragmaKind;
using enum PragmaLevel;

constexpr auto kReported = PragmaReport::kYes;
constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 40;

// Where SQLite has numbers for the words, each stands at its number.
constexpr auto kJournalModes =
    std::to_array<string_view>({"delete", "truncate", "persist", "wal", "memory", "off"});
constexpr auto kLockingModes = std::to_array<string_view>({"normal", "exclusive"});
constexpr auto kSynchronous = std::to_array<string_view>({"off", "normal", "full", "extra"});
constexpr auto kAutoVacuum = std::to_array<string_view>({"none", "full", "incremental"});
constexpr auto kTempStore = std::to_array<string_view>({"default", "file", "memory"});
constexpr auto kSecureDelete = std::to_array<string_view>({"off", "on", "fast"});
constexpr auto kOffOnly = std::to_array<string_view>({"off"});
constexpr auto kSwitch = std::to_array<string_view>({"off", "on"});

constexpr string_view kNewFileOnly =
    "it is fixed once the database has content or is in WAL mode; set it on a new file, or VACUUM "
    "in a rollback journal mode";
constexpr string_view kLibraryLimit = "the SQLite library or the system limits it";

constexpr PragmaRule Switch(string_view name, PragmaReport report = PragmaReport::kNo) {
  return {.name = name, .kind = kChoice, .report = report, .words = kSwitch};
}

constexpr auto kRules = std::to_array<PragmaRule>({
    {.name = "page_size",
     .level = kFile,
     .report = kReported,
     .min = 512,
     .max = 65536,
     .hint = kNewFileOnly},
    {.name = "auto_vacuum",
     .kind = kChoice,
     .level = kFile,
     .report = kReported,
     .words = kAutoVacuum,
     .hint = kNewFileOnly},
    {.name = "application_id", .level = kFile, .min = -kMaxInt, .max = kMaxInt},
    {.name = "journal_mode",
     .kind = kWord,
     .level = kFile,
     .report = kReported,
     .words = kJournalModes},
    {.name = "locking_mode", .kind = kWord, .words = kLockingModes},
    {.name = "synchronous", .kind = kChoice, .report = kReported, .words = kSynchronous},
    {.name = "wal_autocheckpoint", .report = kReported, .max = kMaxInt},
    {.name = "journal_size_limit", .report = kReported, .min = -1, .max = kMaxBytes},
    Switch("foreign_keys", kReported),
    Switch("recursive_triggers"),
    Switch("trusted_schema", kReported),
    Switch("cell_size_check"),
    Switch("automatic_index"),
    Switch("reverse_unordered_selects"),
    Switch("read_uncommitted"),
    Switch("fullfsync"),
    Switch("checkpoint_fullfsync"),
    {.name = "secure_delete", .kind = kChoice, .report = kReported, .words = kSecureDelete},
    {.name = "analysis_limit", .max = kMaxInt},
    {.name = "max_page_count",
     .min = 1,
     .max = 4294967294,
     .hint = "it cannot be less than the pages the database has, or the library limits it"},
    {.name = "temp_store", .kind = kChoice, .report = kReported, .words = kTempStore},
    {.name = "cache_size", .report = kReported, .min = -kMaxInt, .max = kMaxInt},
    {.name = "mmap_size", .report = kReported, .max = kMaxBytes, .hint = kLibraryLimit},
    // When on it is answered with a number of pages.
    {.name = "cache_spill", .kind = kChoice, .words = kOffOnly},
    {.name = "threads", .report = kReported, .max = 8, .hint = kLibraryLimit},
    {.name = "soft_heap_limit", .max = kMaxBytes, .hint = kLibraryLimit},
    {.name = "hard_heap_limit", .max = kMaxBytes, .hint = "it can only be lowered"},
});

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

std::string Label(string_view name) {
  return fmt::format("database.pragmas.{}", name);
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
                 [](const PragmaRule& rule) { return std::string(rule.name); });
  return Error{fmt::format("unknown pragma '{}'{}", name, DidYouMean(name, names))};
}

// The value as SQLite would read it: "1" for 1, "wal" for "WAL"; "on" for true and yes.
std::optional<std::string> ToText(const Value& value) {
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
  const bool yes = lower == "true" || lower == "yes";
  const bool no = lower == "false" || lower == "no";
  return yes ? "on" : no ? "off" : lower;
}

// The word that `text` is, or is the number of.
std::optional<std::string> FindWord(const PragmaRule& rule, const std::string& text) {
  for (std::size_t number = 0; number < rule.words.size(); ++number) {
    if (text == rule.words[number] || (rule.kind == kChoice && text == std::to_string(number))) {
      return std::string(rule.words[number]);
    }
  }
  return std::nullopt;
}

Result<std::string> CheckWord(const PragmaRule& rule, const Value& value) {
  const std::optional<std::string> wanted = ToText(value);
  if (auto word = wanted ? FindWord(rule, *wanted) : std::nullopt) {
    return *std::move(word);
  }
  const auto* text = std::get_if<std::string>(&value.data);
  return Error{fmt::format(
      "{} must be one of {}, not {}{}", Label(rule.name), fmt::join(rule.words, ", "),
      Describe(value),
      text == nullptr ? "" : DidYouMean(*text, {rule.words.begin(), rule.words.end()}))};
}

Result<std::string> CheckInteger(const PragmaRule& rule, const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value.data);
  if (number == nullptr) {
    return Error{fmt::format("{} must be an integer, not {}", Label(rule.name), Describe(value))};
  }
  if (*number < rule.min || *number > rule.max) {
    return Error{
        fmt::format("{} must be {} to {}, not {}", Label(rule.name), rule.min, rule.max, *number)};
  }
  const bool power_of_two = (*number & (*number - 1)) == 0;
  if (rule.name == "page_size" && !power_of_two) {
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

std::span<const PragmaRule> PragmaRules() {
  return kRules;
}

std::string CanonicalAnswer(const PragmaRule& rule, const std::string& answer) {
  return FindWord(rule, answer).value_or(answer);
}

Result<PragmaSpec> CheckPragma(const std::string& name, const Value& value,
                               const PragmaContext& context) {
  const std::string place = value.place.ToString();
  const auto* const rule = std::find_if(kRules.begin(), kRules.end(),
                                        [&name](const PragmaRule& r) { return name == r.name; });
  if (rule == kRules.end()) {
    return UnknownPragma(name).In(place);
  }
  Result<std::string> text =
      rule->kind == kInteger ? CheckInteger(*rule, value) : CheckWord(*rule, value);
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
