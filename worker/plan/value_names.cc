// SPDX-License-Identifier: MIT
#include "worker/plan/value_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kChanges = "changes";
constexpr std::string_view kRowid = "last_insert_rowid";

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

ValueSource Kept(std::size_t index) {
  return {ValueSource::From::kKept, index};
}

}  // namespace

std::vector<std::string> ColumnsOf(const PlanStep* step) {
  std::vector<std::string> names;
  const int columns =
      step == nullptr || step->statement == nullptr ? 0 : step->statement->column_count();
  for (int i = 0; i < columns; ++i) {
    names.emplace_back(step->statement->column_name(i));
  }
  return names;
}

std::optional<ValueSource> ValueNames::Field(std::string_view name) const {
  const auto found = std::find(fields_.begin(), fields_.end(), name);
  if (found == fields_.end()) {
    return std::nullopt;
  }
  return ValueSource{ValueSource::From::kField, static_cast<std::size_t>(found - fields_.begin())};
}

std::optional<ValueSource> ValueNames::Column(PlanStep& step, std::string_view name, KeptRow row) {
  const auto same = [&](const KeptColumn& kept) { return kept.column == name && kept.row == row; };
  const auto found = std::find_if(step.keeps.begin(), step.keeps.end(), same);
  if (found != step.keeps.end()) {
    return Kept(found->index);
  }
  if (!Has(ColumnsOf(&step), name)) {
    return std::nullopt;
  }
  step.keeps.push_back({std::string(name), row, Keep()});
  return Kept(step.keeps.back().index);
}

Result<ValueSource> ValueNames::Find(std::string_view name, std::size_t before) {
  if (const auto field = Field(name)) {
    return *field;
  }
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    return Error{
        fmt::format("which is no field of the endpoint's params{}", DidYouMean(name, fields_))};
  }
  std::vector<std::string> names;
  for (std::size_t i = before; i-- > 0;) {
    if (steps_[i].name == name.substr(0, dot)) {
      return OfStep(steps_[i], name.substr(dot + 1));
    }
    names.push_back(steps_[i].name);
  }
  return Error{fmt::format("but no step before it is named '{}'{}", name.substr(0, dot),
                           DidYouMean(name.substr(0, dot), names))};
}

// A column of that name comes first.
Result<ValueSource> ValueNames::OfStep(PlanStep& step, std::string_view column) {
  if (const auto value = Column(step, column)) {
    return *value;
  }
  if (column == kChanges || column == kRowid) {
    auto& index = column == kChanges ? step.keeps_changes : step.keeps_rowid;
    if (!index) {
      index = Keep();
    }
    return Kept(*index);
  }
  std::vector<std::string> known = ColumnsOf(&step);
  known.insert(known.end(), {std::string(kChanges), std::string(kRowid)});
  return Error{fmt::format("but the step '{}' returns no column '{}'{}", step.name, column,
                           DidYouMean(column, known))};
}

}  // namespace sqlicorn
