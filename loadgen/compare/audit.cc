// SPDX-License-Identifier: MIT
#include "loadgen/compare/audit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "loadgen/server/server_command.h"

namespace sqlicorn::loadgen {
namespace {

using Fate = AckLedger::Fate;

constexpr std::size_t kExamples = 3;

void AddExample(std::string text, Audit* audit) {
  if (audit->examples.size() < kExamples) {
    audit->examples.push_back(std::move(text));
  }
}

void JudgeWrite(std::uint64_t id, Fate fate, std::uint32_t seen, Audit* audit) {
  if (fate == Fate::kAcknowledged) {
    ++audit->acknowledged;
    if (seen == 0) {
      ++audit->lost;
      AddExample(fmt::format("write {} was acknowledged and is not there", id), audit);
    }
  } else if (fate == Fate::kNoWrite) {
    audit->unexplained += seen;
    if (seen > 0) {
      AddExample(fmt::format("request {} inserts nothing, but there is a row of it", id), audit);
    }
    return;
  } else if (seen > 0) {
    ++audit->unacknowledged;
  }
  if (seen > 1) {
    audit->duplicates += seen - 1;
    AddExample(fmt::format("write {} is there {} times", id, seen), audit);
  }
}

// A row that was changed is one that is missing and one that is strange.
void JudgeOthers(const RowTally::Others& others, Audit* audit) {
  const std::uint64_t changed = std::min(others.missing, others.strange);
  audit->altered += changed;
  audit->lost += others.missing - changed;
  audit->unexplained += others.strange - changed;
  if (changed > 0) {
    AddExample(fmt::format("{} rows from before the run are not as they were; there is {}", changed,
                           others.example),
               audit);
  } else if (others.strange > 0) {
    AddExample(
        fmt::format("{} rows carry no id of the run, such as {}", others.strange, others.example),
        audit);
  } else if (others.missing > 0) {
    AddExample(fmt::format("{} rows from before the run are not there", others.missing), audit);
  }
}

// Rows from before that are gone would make this negative only if nothing else was written.
std::uint64_t NewRows(const RowTally& tally) {
  return std::max(tally.rows(), tally.rows_before()) - tally.rows_before();
}

}  // namespace

std::string_view MethodText(AuditMethod method) {
  switch (method) {
    case AuditMethod::kNone:
      break;
    case AuditMethod::kById:
      return "id";
    case AuditMethod::kByValue:
      return "value";
    case AuditMethod::kByCount:
      return "count";
  }
  return "nothing";
}

std::string_view VerdictText(const Audit& audit) {
  if (audit.method == AuditMethod::kNone) {
    return audit.why_not.empty() ? "-" : "not audited";
  }
  if (!audit.clean()) {
    return "FAILED";
  }
  return audit.acknowledged > 0 ? "ok" : "nothing audited";
}

void Audit::Merge(const Audit& other) {
  method = std::max(method, other.method);
  why_not = other.why_not.empty() ? why_not : other.why_not;
  acknowledged += other.acknowledged;
  rows += other.rows;
  lost += other.lost;
  duplicates += other.duplicates;
  unexplained += other.unexplained;
  unacknowledged += other.unacknowledged;
  altered += other.altered;
  unreadable = other.unreadable.empty() ? unreadable : other.unreadable;
  for (const std::string& example : other.examples) {
    AddExample(example, this);
  }
}

AuditMethod MethodFor(const Scenario& scenario) {
  const auto unmarked = [](const TaskSpec& task) {
    return task.weight > 0 && task.writes && task.effect == Effect::kInsert && !task.unique;
  };
  return std::any_of(scenario.tasks.begin(), scenario.tasks.end(), unmarked) ? AuditMethod::kByCount
                                                                             : AuditMethod::kById;
}

std::string WhyNotAudited(const Scenario& scenario) {
  bool inserts = false;
  for (const TaskSpec& task : scenario.tasks) {
    if (task.weight == 0 || !task.writes) {
      continue;
    }
    inserts = inserts || task.effect == Effect::kInsert;
    if (task.effect == Effect::kChange) {
      return fmt::format(
          "{} {} updates or deletes, so acknowledged rows may rightly be gone (writes = "
          "\"elsewhere\" if it leaves alone what the audit reads)",
          task.method, task.name);
    }
    if (task.effect == Effect::kUnsaid) {
      return fmt::format(
          "the scenario does not say what {} {} writes (writes = \"insert\", \"update\", "
          "\"delete\", \"elsewhere\" or false)",
          task.method, task.name);
    }
  }
  return inserts ? "" : "no task of the scenario inserts a row (writes = true)";
}

std::string WhyNotAudited(const PlanConfiguration& configuration) {
  if (!configuration.command) {
    return "";
  }
  if (IsAlreadyRunning(configuration)) {
    return "a server that runs already has a database of its own, which the audit cannot see";
  }
  const auto names = [](const std::string& text) {
    return text.find("{database}") != std::string::npos ||
           text.find(kDatabaseName) != std::string::npos;
  };
  const PlanCommand& command = *configuration.command;
  const bool told = std::any_of(command.argv.begin(), command.argv.end(), names) ||
                    std::any_of(command.environment.begin(), command.environment.end(), names);
  return told ? ""
              : "neither its command nor its environment names {database}, so the audit cannot "
                "see what it writes";
}

Audit JudgeById(const AckLedger& ledger, const RowTally& tally) {
  Audit audit;
  audit.method = tally.compares() ? AuditMethod::kByValue : AuditMethod::kById;
  audit.altered = tally.altered();
  if (audit.altered > 0) {
    AddExample(tally.altered_example(), &audit);
  }
  for (std::uint64_t id = 1; id <= ledger.issued(); ++id) {
    JudgeWrite(id, ledger.FateOf(id), tally.Seen(id), &audit);
  }
  JudgeOthers(tally.CompareOthers(), &audit);
  audit.rows = NewRows(tally);
  return audit;
}

Audit JudgeByCount(const AckLedger& ledger, const RowTally& tally) {
  Audit audit;
  audit.method = AuditMethod::kByCount;
  audit.acknowledged = ledger.Count(Fate::kAcknowledged);
  audit.rows = NewRows(tally);
  const std::uint64_t open = ledger.Count(Fate::kFailed) + ledger.Count(Fate::kUnanswered);
  if (const RowTally::Others others = tally.CompareOthers(); others.missing > 0) {
    audit.altered = others.missing;
    AddExample(
        fmt::format("{} rows from before the run are not there as they were", others.missing),
        &audit);
  }
  if (audit.rows < audit.acknowledged) {
    audit.lost = audit.acknowledged - audit.rows;
    AddExample(fmt::format("{} acknowledged writes, {} rows", audit.acknowledged, audit.rows),
               &audit);
    return audit;
  }
  const std::uint64_t more = audit.rows - audit.acknowledged;
  audit.unacknowledged = std::min(more, open);
  audit.unexplained = more - audit.unacknowledged;
  if (audit.unexplained > 0) {
    AddExample(fmt::format("{} rows, {} writes that could have made them", audit.rows,
                           audit.acknowledged + open),
               &audit);
  }
  return audit;
}

Audit JudgeRows(const Scenario& scenario, const AckLedger& ledger, const RowTally& tally) {
  return MethodFor(scenario) == AuditMethod::kById ? JudgeById(ledger, tally)
                                                   : JudgeByCount(ledger, tally);
}

std::string ShowsNoneText(const Audit& audit) {
  return fmt::format(
      "the audit query shows none of the {} acknowledged writes: it must select the column with "
      "the unique values, a row for each write ({} rows came with the run). If it does so, all of "
      "them are lost",
      audit.acknowledged, audit.rows);
}

}  // namespace sqlicorn::loadgen
