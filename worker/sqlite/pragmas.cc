// SPDX-License-Identifier: MIT
#include "worker/sqlite/pragmas.h"

#include <chrono>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "common/base/result.h"
#include "common/config/pragma_rules.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kJournalMode = "journal_mode";

struct Wanted {
  const PragmaRule* rule;
  const PragmaSpec* spec;
};

Error At(const PragmaSpec& spec, std::string_view what) {
  return Error{fmt::format("{}: pragma {}: {}", spec.place.ToString(), spec.name, what)};
}

// The order of the rules is one that works: what the file keeps before journal_mode, and what
// decides about another before that.
std::vector<Wanted> InOrder(const std::vector<PragmaSpec>& pragmas) {
  std::vector<Wanted> wanted;
  for (const PragmaRule& rule : PragmaRules()) {
    for (const PragmaSpec& spec : pragmas) {
      if (spec.name == rule.name) {
        wanted.push_back({&rule, &spec});
      }
    }
  }
  CHECK(wanted.size() == pragmas.size());
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
      return std::string(query->column(0).Text());
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
  return connection.ExecuteUndefended(sql).ok() ? SqlStatus() : connection.last_status();
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
      fmt::format("PRAGMA {} = {}{}{}", wanted.rule->name, quote, wanted.spec->value, quote);
  return wanted.rule->name == kJournalMode ? SwitchPatiently(connection, sql)
                                           : Run(connection, sql);
}

enum class Tried { kYes, kNo };

std::string WhyKept(const Wanted& wanted, const std::string& found, const SqlStatus& set,
                    Tried tried) {
  if (tried == Tried::kNo && wanted.rule->name == kJournalMode) {
    return "a start of the server sets it in the file";
  }
  if (set.busy() && wanted.rule->name == kJournalMode) {
    return fmt::format(
        "{}: another process has the database open, and only who is alone with it can change that; "
        "a server that runs on it has to be restarted for it, not reloaded",
        set.message());
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
  return wanted.spec->value == "wal" ? "its file system cannot share memory between processes" : "";
}

// kNo: what the file keeps is only looked at.
// What SQLite answers to the setting is not believed: it says nothing about a value that it does
// not know, and a switch that was not possible ends without an error.
Status Verify(Connection& connection, const Wanted& wanted, const SqlStatus& set,
              Tried tried = Tried::kYes) {
  SqlStatus read;
  const std::string found = ReadBack(connection, *wanted.rule, read);
  if (read.busy()) {
    return LockedByAnother(connection);
  }
  if (!read.ok()) {
    return At(*wanted.spec, fmt::format("cannot be read back: {}", read.message()));
  }
  if (found == wanted.spec->value) {
    return {};
  }
  const std::string why = WhyKept(wanted, found, set, tried);
  return At(*wanted.spec, fmt::format("wanted {}, found {}{}{}", wanted.spec->value, found,
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
  if (status.busy()) {
    return LockedByAnother(connection);
  }
  if (!status.ok()) {
    return Error{fmt::format("cannot {} database '{}': {}", is_new ? "write" : "read",
                             connection.path(), status.message())};
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

// The journal mode last: a database in WAL mode keeps its page size for good.
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

// Without writing there is no journal but the log, so the rollback modes are all the same.
Status VerifyUnwritten(Connection& connection, const Wanted& wanted) {
  SqlStatus read;
  const std::string found = ReadBack(connection, *wanted.rule, read);
  const bool rollback =
      wanted.rule->name == kJournalMode && wanted.spec->value != "wal" && found != "wal";
  if (!read.ok() || rollback || found == wanted.spec->value) {
    return read.ok() ? Status() : Verify(connection, wanted, {});
  }
  return At(*wanted.spec, fmt::format("wanted {}, found {}: it is kept in the file, which "
                                      "database.access forbids to write; leave the pragma out, or "
                                      "set it once where the file can be written",
                                      wanted.spec->value, found));
}

// The file keeps only whether it is in WAL mode; among the rollback modes every connection starts
// from delete.
Status VerifyInFile(Connection& connection, const Wanted& wanted) {
  SqlStatus read;
  if (connection.read_only()) {
    return VerifyUnwritten(connection, wanted);
  }
  const bool rollback = wanted.rule->name == kJournalMode && wanted.spec->value != "wal";
  if (rollback && ReadBack(connection, *wanted.rule, read) == "delete") {
    return Verify(connection, wanted, Set(connection, wanted));
  }
  return Verify(connection, wanted, {}, Tried::kNo);
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

// A file without a page, or none at all, has everything still before it; and every start tries to
// switch the journal mode.
Status ApplyForTrial(Connection& connection, const std::vector<Wanted>& wanted) {
  SqlStatus status;
  const bool is_new = Query(connection, "page_count", status) == "0";
  for (const Wanted& one : wanted) {
    const bool kept_in_file = one.rule->level == PragmaLevel::kFile;
    if (kept_in_file && (is_new || one.rule->name == kJournalMode)) {
      continue;
    }
    const SqlStatus set = kept_in_file ? SqlStatus() : Set(connection, one);
    // A database in memory does not keep all that a file would.
    Status applied = is_new ? Status() : Verify(connection, one, set);
    if (!applied) {
      return applied;
    }
  }
  return {};
}

}  // namespace

Status ApplyPragmas(Connection& connection, const std::vector<PragmaSpec>& pragmas,
                    PragmaScope scope) {
  CHECK(!connection.in_transaction());
  const std::vector<Wanted> wanted = InOrder(pragmas);
  switch (scope) {
    case PragmaScope::kTrial:
      return ApplyForTrial(connection, wanted);
    case PragmaScope::kPrepare:
      return ApplyInPrepare(connection, wanted);
    case PragmaScope::kConnection:
      return ApplyToConnection(connection, wanted);
  }
  return {};
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

Error LockedByAnother(const Connection& connection) {
  return Error{fmt::format(
      "cannot read '{}': the database is locked by another program, which kept it for more than "
      "{} s; end its transaction, or raise database.timeout",
      connection.path(), ToSeconds(connection.busy_timeout()))};
}

}  // namespace sqlicorn
