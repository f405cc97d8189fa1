// SPDX-License-Identifier: MIT
#include "worker/sqlite/pragmas.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/suggest.h"
#include "worker/sqlite/pragma_rules.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kJournalMode = "journal_mode";

// One pragma that passed the rules.
struct Wanted {
  const PragmaRule* rule;
  std::string value;  // canonical
  const PragmaSpec* spec;
};

Error At(const PragmaSpec& spec, std::string_view what) {
  const Place& place = spec.place;
  const std::string where = place.line == 0
                                ? place.source
                                : fmt::format("{}:{}:{}", place.source, place.line, place.column);
  return Error{fmt::format("{}: pragma {}: {}", where, spec.name, what)};
}

Error UnknownPragma(const PragmaSpec& spec) {
  std::vector<std::string> names;
  for (const PragmaRule& rule : PragmaRules()) {
    names.emplace_back(rule.name);
  }
  return At(spec,
            fmt::format("it is not one that can be set here{}", DidYouMean(spec.name, names)));
}

// The pragmas in the order of the rules.
Result<std::vector<Wanted>> Judge(const std::vector<PragmaSpec>& pragmas) {
  std::vector<Wanted> wanted;
  for (const PragmaSpec& spec : pragmas) {
    const PragmaRule* rule = FindPragmaRule(spec.name);
    if (rule == nullptr) {
      return UnknownPragma(spec);
    }
    auto value = CanonicalValue(*rule, spec.value);
    if (!value) {
      return At(spec, value.error().message);
    }
    wanted.push_back({rule, *std::move(value), &spec});
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.rule < b.rule; });
  return wanted;
}

// What SQLite answers; `status` says why there is no answer.
std::string Query(Connection& connection, std::string_view name, SqlStatus& status) {
  auto query = connection.Prepare(fmt::format("PRAGMA {}", name));
  if (!query) {
    status = connection.last_status();
    return {};
  }
  switch (query->Step()) {
    case StepResult::kRow:
      return std::string(query->ColumnText(0));
    case StepResult::kDone:
      return "nothing";
    default:
      status = query->status();
      return {};
  }
}

std::string ReadBack(Connection& connection, const PragmaRule& rule, SqlStatus& status) {
  return CanonicalAnswer(rule, Query(connection, rule.name, status));
}

// The place within our own SQL would tell nobody anything.
SqlStatus Run(Connection& connection, const std::string& sql) {
  return connection.Execute(sql).ok() ? SqlStatus() : connection.last_status();
}

// SQLite does not call its busy handler while it switches to or from WAL.
SqlStatus SwitchPatiently(Connection& connection, const std::string& sql) {
  const TimePoint deadline = Clock::now() + connection.busy_timeout();
  while (true) {
    SqlStatus status = Run(connection, sql);
    if (!status.busy() || Clock::now() >= deadline) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

SqlStatus Set(Connection& connection, const Wanted& wanted) {
  const std::string_view quote = wanted.rule->kind == PragmaKind::kInteger ? "" : "'";
  const std::string sql =
      fmt::format("PRAGMA {} = {}{}{}", wanted.rule->name, quote, wanted.value, quote);
  return wanted.rule->name == kJournalMode ? SwitchPatiently(connection, sql)
                                           : Run(connection, sql);
}

std::string WhyKept(const Wanted& wanted, const std::string& found, const SqlStatus& set) {
  if (set.busy() && wanted.rule->name == kJournalMode) {
    return fmt::format("{}: another process has the database open", set.message());
  }
  if (!set.ok()) {
    return set.message();
  }
  if (wanted.rule->name != kJournalMode) {
    return std::string(wanted.rule->hint);
  }
  if (found == "memory") {
    return "a database in memory has no journal file";
  }
  return wanted.value == "wal" ? "its file system cannot share memory between processes" : "";
}

Status Verify(Connection& connection, const Wanted& wanted, const SqlStatus& set) {
  SqlStatus read;
  const std::string found = ReadBack(connection, *wanted.rule, read);
  if (!read.ok()) {
    return At(*wanted.spec, fmt::format("cannot be read back: {}", read.message()));
  }
  if (found == wanted.value) {
    return {};
  }
  const std::string why = WhyKept(wanted, found, set);
  return At(*wanted.spec, fmt::format("wanted {}, found {}{}{}", wanted.value, found,
                                      why.empty() ? "" : ": ", why));
}

// A new file keeps page size, vacuum mode and encoding only once its first page is written, which
// in a rollback journal mode would be left to the schema.
Status WriteFirstPage(Connection& connection) {
  SqlStatus status;
  const bool is_new = Query(connection, "page_count", status) == "0";
  if (is_new) {
    status = Run(connection, "BEGIN IMMEDIATE; COMMIT");
  }
  if (!status.ok()) {
    return Error{
        fmt::format("cannot {} the database: {}", is_new ? "write" : "read", status.message())};
  }
  return {};
}

Status SetInFile(Connection& connection, const Wanted& wanted) {
  // Setting what the file has already could still ask for a lock.
  if (Verify(connection, wanted, {})) {
    return {};
  }
  return Verify(connection, wanted, Set(connection, wanted));
}

Status ApplyInPrepare(Connection& connection, const std::vector<Wanted>& wanted) {
  const Wanted* journal_mode = nullptr;
  for (const Wanted& one : wanted) {
    if (one.rule->name == kJournalMode) {
      journal_mode = &one;
    } else if (one.rule->level == PragmaLevel::kFile) {
      if (const Status set = SetInFile(connection, one); !set) {
        return set.error();
      }
    }
  }
  if (const Status written = WriteFirstPage(connection); !written) {
    return written.error();
  }
  return journal_mode == nullptr ? Status() : SetInFile(connection, *journal_mode);
}

// Truncate and persist are how one connection ends a journal: the file does not keep them, and a
// connection starts from delete.
Status VerifyInFile(Connection& connection, const Wanted& wanted) {
  SqlStatus read;
  const bool per_connection = wanted.value == "truncate" || wanted.value == "persist";
  if (wanted.rule->name == kJournalMode && per_connection &&
      ReadBack(connection, *wanted.rule, read) == "delete") {
    return Verify(connection, wanted, Set(connection, wanted));
  }
  return Verify(connection, wanted, {});
}

Status ApplyToConnection(Connection& connection, const std::vector<Wanted>& wanted) {
  for (const Wanted& one : wanted) {
    const Status applied = one.rule->level == PragmaLevel::kFile
                               ? VerifyInFile(connection, one)
                               : Verify(connection, one, Set(connection, one));
    if (!applied) {
      return applied.error();
    }
  }
  return {};
}

}  // namespace

Status ApplyPragmas(Connection& connection, const std::vector<PragmaSpec>& pragmas,
                    PragmaScope scope) {
  CHECK(!connection.in_transaction());
  const auto wanted = Judge(pragmas);
  if (!wanted) {
    return wanted.error();
  }
  return scope == PragmaScope::kPrepare ? ApplyInPrepare(connection, *wanted)
                                        : ApplyToConnection(connection, *wanted);
}

std::vector<std::pair<std::string, std::string>> EffectivePragmas(Connection& connection) {
  std::vector<std::pair<std::string, std::string>> effective;
  for (const PragmaRule& rule : PragmaRules()) {
    if (rule.report == PragmaReport::kYes) {
      SqlStatus status;
      std::string value = ReadBack(connection, rule, status);
      effective.emplace_back(rule.name, status.ok() ? value : std::string(status.name()));
    }
  }
  return effective;
}

}  // namespace sqlicorn
