// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "common/config/value.h"
#include "loadgen/scenario/scenario.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {

// Reads the requests of a scenario into it.
class TaskReader {
 public:
  // `forms` is the file's [forms] table, or nullptr. What is wrong is added to `faults`. All of
  // them outlive the reader.
  TaskReader(const Value* forms, Scenario* scenario, Faults* faults)
      : forms_(forms), scenario_(scenario), faults_(faults) {}

  // One [[task]], with its [[task.step]]s if it has some. `known` is what the start of its users
  // knows; `name` is what the file has between brackets.
  [[nodiscard]] Sequence ReadTask(const Value& table, const std::string& name,
                                  const KnownValues& known);

  // What is done in order, such as the [[start]]s: indices into Scenario::tasks. What they take
  // from answers is known afterwards.
  [[nodiscard]] std::vector<std::size_t> ReadSteps(const std::vector<const Value*>& tables,
                                                   const std::string& name, std::uint32_t weight,
                                                   KnownValues* known);

 private:
  [[nodiscard]] std::size_t Add(TaskSpec task);

  const Value* forms_;
  Scenario* scenario_;
  Faults* faults_;
};

}  // namespace sqlicorn::loadgen
