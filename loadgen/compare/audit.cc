// SPDX-License-Identifier: MIT
#include "loadgen/compare/audit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/http/url.h"

namespace sqlicorn::loadgen {
namespace {

using Fate = AckLedger::Fate;

constexpr std::size_t kExamples = 3;
constexpr std::size_t kCounterDigits = 10;

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

struct RowMatch {
  std::size_t columns = 0;  // that were compared
  std::string difference;   // the first; "" = none
};

bool SameValue(const std::string& one, const std::string& other) {
  if (one == other) {
    return true;
  }
  const auto a = ParseWhole<double>(one);
  const auto b = ParseWhole<double>(other);
  return a && b && *a == *b;
}

RowMatch MatchOf(const Row& row, const ExpectedRow& expected) {
  RowMatch match;
  for (std::size_t i = 1; i < row.size(); ++i) {
    const auto& [name, value] = row[i];
    const auto field = std::find_if(expected.begin(), expected.end(),
                                    [&name = name](const auto& one) { return one.first == name; });
    if (field == expected.end()) {
      continue;
    }
    ++match.columns;
    if (match.difference.empty() && !SameValue(value, field->second)) {
      match.difference = fmt::format("{} = '{}' for '{}'", name, value, field->second);
    }
  }
  return match;
}

// Of a form, or the texts, numbers and truth values of a JSON object.
ExpectedRow FieldsOf(const TaskSpec& task) {
  ExpectedRow fields;
  if (task.content_type == "application/x-www-form-urlencoded") {
    FormDecoder form;
    if (form.Decode(task.body) == FormOutcome::kOk) {
      fields.assign(form.fields().begin(), form.fields().end());
    }
    return fields;
  }
  const auto json = nlohmann::json::parse(task.body, nullptr, false);
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) {
      if (value.is_string()) {
        fields.emplace_back(name, value.get<std::string>());
      } else if (value.is_number()) {
        fields.emplace_back(name, value.dump());
      }
    }
  }
  return fields;
}

}  // namespace

std::vector<ExpectedRow> ExpectedRows(const Scenario& scenario) {
  std::vector<ExpectedRow> expected;
  for (const TaskSpec& task : scenario.tasks) {
    if (task.weight == 0 || !task.writes || task.effect != Effect::kInsert || !task.unique) {
      continue;
    }
    ExpectedRow fields = FieldsOf(task);
    std::erase_if(fields, [](const auto& field) {
      return field.second.find(kUniqueMark) != std::string::npos;
    });
    expected.push_back(std::move(fields));
  }
  return expected;
}

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

RowTally::RowTally(std::string_view run_id, std::uint64_t issued, std::vector<ExpectedRow> expected)
    : mark_(std::string(run_id) + "-"), seen_(issued), expected_(std::move(expected)) {}

void RowTally::Add(const Row& row) {
  ++rows_;
  if (const std::uint64_t id = IdIn(row.front().second); id == 0) {
    ++foreign_;
  } else {
    ++seen_[id - 1];
    Compare(id, row);
  }
}

void RowTally::Compare(std::uint64_t id, const Row& row) {
  std::string difference;
  for (const ExpectedRow& expected : expected_) {
    const RowMatch match = MatchOf(row, expected);
    compares_ = compares_ || match.columns > 0;
    if (match.difference.empty()) {
      return;
    }
    difference = match.difference;
  }
  if (!difference.empty()) {
    ++altered_;
    altered_example_ = fmt::format("write {} is there with {}", id, difference);
  }
}

std::uint64_t RowTally::IdIn(std::string_view value) const {
  const std::size_t at = value.rfind(mark_);
  if (at == std::string_view::npos) {
    return 0;
  }
  const std::string_view digits = value.substr(at + mark_.size(), kCounterDigits);
  const std::uint64_t id = ParseWhole<std::uint64_t>(digits).value_or(0);
  return digits.size() == kCounterDigits && id <= seen_.size() ? id : 0;
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

Audit JudgeById(const AckLedger& ledger, const RowTally& tally, std::uint64_t rows_before) {
  Audit audit;
  audit.method = tally.compares() ? AuditMethod::kByValue : AuditMethod::kById;
  audit.altered = tally.altered();
  if (audit.altered > 0) {
    AddExample(tally.altered_example(), &audit);
  }
  for (std::uint64_t id = 1; id <= ledger.issued(); ++id) {
    JudgeWrite(id, ledger.FateOf(id), tally.Seen(id), &audit);
  }
  if (tally.foreign() > rows_before) {
    audit.unexplained += tally.foreign() - rows_before;
    AddExample(fmt::format("{} rows carry no id of the run", tally.foreign() - rows_before),
               &audit);
  } else if (tally.foreign() < rows_before) {
    audit.lost += rows_before - tally.foreign();
    AddExample(
        fmt::format("{} rows from before the run are not there", rows_before - tally.foreign()),
        &audit);
  }
  // Rows from before that are gone would make this negative only if nothing else was written.
  audit.rows = std::max(tally.rows(), rows_before) - rows_before;
  return audit;
}

Audit JudgeByCount(const AckLedger& ledger, std::uint64_t rows, std::uint64_t rows_before) {
  Audit audit;
  audit.method = AuditMethod::kByCount;
  audit.acknowledged = ledger.Count(Fate::kAcknowledged);
  audit.rows = std::max(rows, rows_before) - rows_before;
  const std::uint64_t open = ledger.Count(Fate::kFailed) + ledger.Count(Fate::kUnanswered);
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

Audit JudgeRows(const Scenario& scenario, const AckLedger& ledger, const RowTally& tally,
                std::uint64_t rows_before) {
  return MethodFor(scenario) == AuditMethod::kById
             ? JudgeById(ledger, tally, rows_before)
             : JudgeByCount(ledger, tally.rows(), rows_before);
}

std::string ShowsNoneText(const Audit& audit) {
  return fmt::format(
      "the audit query shows none of the {} acknowledged writes: it must select the column with "
      "the unique values, a row for each write ({} rows came with the run). If it does so, all of "
      "them are lost",
      audit.acknowledged, audit.rows);
}

}  // namespace sqlicorn::loadgen
