// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "worker/plan/plan_step.h"

namespace sqlicorn {

// By which names the values of a plan are found while it is made. A value that is asked for is kept
// by its step from then on.
class ValueNames {
 public:
  // Both outlive it. `fields`: of the request, in the order of its parameters; `steps`: those that
  // have been made so far.
  ValueNames(const std::vector<std::string>& fields, std::vector<PlanStep>& steps)
      : fields_(fields), steps_(steps) {}

  // The field of that name. Nothing when there is none.
  [[nodiscard]] std::optional<ValueSource> Field(std::string_view name) const;

  // The column of a row of that step. Nothing when it has no such column.
  [[nodiscard]] std::optional<ValueSource> Column(PlanStep& step, std::string_view name,
                                                  KeptRow row = KeptRow::kFirst);

  // "field", or "step.column", "step.changes", "step.last_insert_rowid" of one of the first
  // `before` steps. The error says what it is not.
  [[nodiscard]] Result<ValueSource> Find(std::string_view name, std::size_t before);

  // The same of all steps.
  [[nodiscard]] Result<ValueSource> Find(std::string_view name) {
    return Find(name, steps_.size());
  }

  // A place for one more value.
  [[nodiscard]] std::size_t Keep() { return kept_++; }

  [[nodiscard]] const std::vector<std::string>& fields() const { return fields_; }

  // How many values are kept.
  [[nodiscard]] std::size_t kept() const { return kept_; }

 private:
  [[nodiscard]] Result<ValueSource> OfStep(PlanStep& step, std::string_view column);

  const std::vector<std::string>& fields_;
  std::vector<PlanStep>& steps_;
  std::size_t kept_ = 0;
};

// Of a statement, or none of a null step.
[[nodiscard]] std::vector<std::string> ColumnsOf(const PlanStep* step);

}  // namespace sqlicorn
