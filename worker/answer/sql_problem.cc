// SPDX-License-Identifier: MIT
#include "worker/answer/sql_problem.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

struct Sort {
  std::string_view begins;
  std::string_view told_as;  // in front of SQLite's words
};

constexpr std::string_view kQuery = "the full-text query is malformed: ";

// What SQLite says of values under SQLITE_ERROR alone. The client's own octets may stand in it.
constexpr std::array<Sort, 13> kSorts = {{
    {"fts5: syntax error near ", kQuery},
    {"fts5: ", kQuery},
    {"unterminated string", kQuery},
    {"unknown special query: ", kQuery},
    {"no such column: ", kQuery},  // of a column filter: a statement of ours would not prepare
    {"malformed MATCH expression: ", kQuery},
    {"malformed JSON", ""},
    {"JSON path error near ", ""},
    {"bad JSON path: ", ""},
    {"JSON cannot hold BLOB values", ""},
    {"integer overflow", ""},
    {"LIKE or GLOB pattern too complex", ""},
    {"ESCAPE expression must be a single character", ""},
}};

std::string WithCode(std::string_view what, const SqlStatus& status) {
  return fmt::format("{} ({})", what, status.name());
}

// A constraint without a name is told by its SQL, which is ours to know.
bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '_' || c == '.' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
}

// "t.v" of "UNIQUE constraint failed: t.v", "i" of "UNIQUE constraint failed: index 'i'".
std::string_view NameIn(std::string_view message) {
  constexpr std::string_view kFailed = "constraint failed: ";
  constexpr std::string_view kIndex = "index '";
  const std::size_t at = message.find(kFailed);
  if (at == std::string_view::npos) {
    return "";
  }
  std::string_view name = message.substr(at + kFailed.size());
  if (name.starts_with(kIndex) && name.ends_with('\'')) {
    name = name.substr(kIndex.size(), name.size() - kIndex.size() - 1);
  }
  return name;
}

// The columns of a key that has several are all named: "t.a, t.b".
bool AreNames(std::string_view list) {
  while (true) {
    const std::size_t comma = list.find(", ");
    if (!IsName(list.substr(0, comma))) {
      return false;
    }
    if (comma == std::string_view::npos) {
      return true;
    }
    list.remove_prefix(comma + 2);
  }
}

SqlProblem OfConstraint(const SqlStatus& status, const ChosenStatuses& chosen) {
  const std::string_view code = status.name();
  if (code == "SQLITE_CONSTRAINT_TRIGGER") {  // RAISE: whoever wrote the trigger speaks
    return {chosen.raise, WithCode(status.message(), status), ""};
  }
  if (code == "SQLITE_CONSTRAINT_DATATYPE") {  // of a STRICT table
    return {400, WithCode(status.message(), status), ""};
  }
  const std::string_view message = status.message();
  const std::string_view name = NameIn(message);
  if (name.empty()) {
    return {409, WithCode(message, status), ""};
  }
  if (!AreNames(name)) {
    const std::string_view kind = message.substr(0, message.find(": "));
    return {409, WithCode(kind, status), ""};
  }
  return {409, WithCode(message, status), std::string(name)};
}

SqlProblem OfValue(const SqlStatus& status) {
  if (status.name() != "SQLITE_ERROR") {  // SQLITE_MISMATCH, SQLITE_TOOBIG: words without names
    return {400, WithCode(status.message(), status), ""};
  }
  const auto* const sort =
      std::find_if(kSorts.begin(), kSorts.end(), [&status](const Sort& candidate) {
        return std::string_view(status.message()).starts_with(candidate.begins);
      });
  if (sort == kSorts.end()) {
    return {400, WithCode("a value of the request cannot be used", status), ""};
  }
  return {400, WithCode(fmt::format("{}{}", sort->told_as, status.message()), status), ""};
}

SqlProblem OfFailure(const SqlStatus& status) {
  if (status.outdated()) {
    return {503, WithCode("the schema of the database has changed", status), ""};
  }
  if (status.storage()) {
    return {503, WithCode(status.message(), status), ""};
  }
  if (status.name() == "SQLITE_TOOBIG") {
    return {500, WithCode(status.message(), status), ""};
  }
  return {500, WithCode("the statements of this endpoint failed; the error log says why", status),
          ""};
}

}  // namespace

SqlProblem ExplainToClient(const Outcome& outcome, const ChosenStatuses& chosen) {
  const SqlStatus& status = outcome.status;
  switch (outcome.kind) {
    case OutcomeKind::kBusy:
    case OutcomeKind::kNoTurn:
      return {chosen.busy, WithCode(status.message(), status), ""};
    case OutcomeKind::kRejected:
      return OfConstraint(status, chosen);
    case OutcomeKind::kBadValue:
      return OfValue(status);
    case OutcomeKind::kUnmet:
      return {outcome.answer, status.message(), ""};
    case OutcomeKind::kTimedOut:
      return {504, WithCode(status.message(), status), ""};
    case OutcomeKind::kCommitted:
    case OutcomeKind::kLong:
    case OutcomeKind::kFailed:
      break;
  }
  return OfFailure(status);
}

}  // namespace sqlicorn
