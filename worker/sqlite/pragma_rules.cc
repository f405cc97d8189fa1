// SPDX-License-Identifier: MIT
#include "worker/sqlite/pragma_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn {
namespace {

using std::string_view;
using enum PragmaKind;
using enum PragmaLevel;

constexpr auto kReported = PragmaReport::kYes;
constexpr std::int64_t kInt32Min = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

// Not `off` and `memory`: after a crash, and with `off` after any ROLLBACK, the file is corrupt.
constexpr std::array<string_view, 4> kJournalModes = {"delete", "truncate", "persist", "wal"};
// Not `exclusive`: the first worker would shut out all others.
constexpr std::array<string_view, 1> kLockingModes = {"normal"};
constexpr std::array<string_view, 3> kEncodings = {"utf-8", "utf-16le", "utf-16be"};
constexpr std::array<string_view, 4> kSynchronous = {"off", "normal", "full", "extra"};
constexpr std::array<string_view, 3> kAutoVacuum = {"none", "full", "incremental"};
constexpr std::array<string_view, 3> kTempStore = {"default", "file", "memory"};
constexpr std::array<string_view, 3> kSecureDelete = {"off", "on", "fast"};
constexpr std::array<string_view, 2> kSwitchWords = {"off", "on"};

constexpr string_view kNewFileOnly =
    "it is fixed once the database has content or is in WAL mode; set it on a new file, or VACUUM "
    "in a rollback journal mode";
constexpr string_view kLibraryLimit = "the SQLite library or the system limits it";

constexpr PragmaRule Switch(string_view name) {
  return {.name = name, .kind = kSwitch};
}

constexpr std::array kRules = std::to_array<PragmaRule>({
    {.name = "encoding", .kind = kWord, .level = kFile, .words = kEncodings, .hint = kNewFileOnly},
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
    {.name = "application_id", .level = kFile, .min = kInt32Min, .max = kInt32Max},
    {.name = "journal_mode",
     .kind = kWord,
     .level = kFile,
     .report = kReported,
     .words = kJournalModes},
    {.name = "locking_mode", .kind = kWord, .words = kLockingModes},
    {.name = "synchronous", .kind = kChoice, .report = kReported, .words = kSynchronous},
    {.name = "wal_autocheckpoint", .report = kReported, .max = kInt32Max},
    {.name = "journal_size_limit", .report = kReported, .min = -1},
    {.name = "foreign_keys", .kind = kSwitch, .report = kReported},
    Switch("recursive_triggers"),
    {.name = "trusted_schema", .kind = kSwitch, .report = kReported},
    Switch("cell_size_check"),
    Switch("ignore_check_constraints"),
    Switch("automatic_index"),
    Switch("legacy_alter_table"),
    Switch("reverse_unordered_selects"),
    Switch("read_uncommitted"),
    Switch("fullfsync"),
    Switch("checkpoint_fullfsync"),
    {.name = "secure_delete", .kind = kChoice, .report = kReported, .words = kSecureDelete},
    {.name = "analysis_limit", .max = kInt32Max},
    {.name = "max_page_count",
     .min = 1,
     .max = 4294967294,
     .hint = "it cannot be less than the pages the database has, or the library limits it"},
    {.name = "temp_store", .kind = kChoice, .report = kReported, .words = kTempStore},
    {.name = "cache_size", .report = kReported, .min = kInt32Min, .max = kInt32Max},
    {.name = "mmap_size", .report = kReported, .hint = kLibraryLimit},
    Switch("cache_spill"),
    {.name = "threads", .report = kReported, .max = kInt32Max, .hint = kLibraryLimit},
    {.name = "soft_heap_limit", .hint = kLibraryLimit},
    {.name = "hard_heap_limit", .hint = "it can only be lowered"},
    Switch("query_only"),
});

std::string Lower(string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::optional<std::int64_t> ToInteger(string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::string> ToWord(std::span<const string_view> words, string_view value) {
  const auto found = std::find(words.begin(), words.end(), value);
  return found == words.end() ? std::nullopt : std::optional<std::string>(*found);
}

// A word, or the number SQLite has for it.
std::optional<std::string> ToChoice(std::span<const string_view> words, string_view value) {
  const auto number = ToInteger(value);
  if (number && *number >= 0 && *number < static_cast<std::int64_t>(words.size())) {
    return std::string(words[static_cast<std::size_t>(*number)]);
  }
  return ToWord(words, value);
}

std::optional<std::string> ToSwitch(const std::string& value) {
  if (value == "true" || value == "yes") {
    return "on";
  }
  if (value == "false" || value == "no") {
    return "off";
  }
  return ToChoice(kSwitchWords, value);
}

Result<std::string> CanonicalInteger(const PragmaRule& rule, string_view value) {
  const auto number = ToInteger(value);
  if (!number) {
    return Error{fmt::format("'{}' is not an integer", value)};
  }
  if (*number < rule.min || *number > rule.max) {
    return Error{fmt::format("{} is not between {} and {}", *number, rule.min, rule.max)};
  }
  if (rule.name == "page_size" && (*number & (*number - 1)) != 0) {
    return Error{fmt::format("{} is not a power of two", *number)};
  }
  return std::to_string(*number);
}

std::optional<std::string> CanonicalWord(const PragmaRule& rule, const std::string& value) {
  switch (rule.kind) {
    case kWord:
      return ToWord(rule.words, value);
    case kChoice:
      return ToChoice(rule.words, value);
    default:
      return ToSwitch(value);
  }
}

}  // namespace

std::span<const PragmaRule> PragmaRules() {
  return kRules;
}

const PragmaRule* FindPragmaRule(string_view name) {
  const auto* const found = std::find_if(kRules.begin(), kRules.end(),
                                         [name](const PragmaRule& r) { return r.name == name; });
  return found == kRules.end() ? nullptr : found;
}

Result<std::string> CanonicalValue(const PragmaRule& rule, string_view value) {
  if (rule.kind == kInteger) {
    return CanonicalInteger(rule, value);
  }
  if (auto word = CanonicalWord(rule, Lower(value))) {
    return *std::move(word);
  }
  const std::span<const string_view> words = rule.kind == kSwitch ? kSwitchWords : rule.words;
  return Error{fmt::format("'{}' is not {}", value, fmt::join(words, ", "))};
}

std::string CanonicalAnswer(const PragmaRule& rule, const std::string& answer) {
  // Some switches answer with a quantity: cache_spill with its threshold.
  if (rule.kind == kSwitch) {
    return answer == "0" ? "off" : "on";
  }
  return rule.kind == kInteger ? answer
                               : CanonicalWord(rule, Lower(answer)).value_or(Lower(answer));
}

}  // namespace sqlicorn
