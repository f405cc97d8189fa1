// SPDX-License-Identifier: MIT
#include "loadgen/scenario/read_task.h"

#include <string>
#include <utility>

#include "common/config/table_reader.h"
#include "loadgen/scenario/read_request.h"
#include "loadgen/scenario/wait.h"

namespace sqlicorn::loadgen {
namespace {

// "[user.task]" and "step" are "[user.task.step]".
std::string Under(const std::string& name, const std::string& key) {
  return name.substr(0, name.size() - 1) + "." + key + "]";
}

bool IsPace(const TaskSpec& task) {
  return task.wait && task.wait->kind == Wait::Kind::kPace;
}

}  // namespace

Sequence TaskReader::ReadTask(const Value& table, const std::string& name,
                              const KnownValues& known) {
  KnownValues own = known;
  TableReader reader(table, name);
  std::int64_t weight = 1;
  reader.ReadInRange("weight", Range<std::int64_t>{0, 1000}, &weight);
  Sequence sequence;
  sequence.weight = static_cast<std::uint32_t>(weight);
  const std::vector<const Value*> steps = reader.ReadTables("step");
  if (steps.empty()) {
    TaskSpec task = ReadRequest(reader, forms_, &scenario_->values, &own);
    task.weight = sequence.weight;
    sequence.tasks = {Add(std::move(task))};
  } else {
    sequence.tasks = ReadSteps(steps, Under(name, "step"), sequence.weight, &own);
    if (Wait wait; ReadWait(reader, "wait", &wait)) {
      scenario_->tasks[sequence.tasks.back()].wait = wait;
    }
  }
  reader.FinishInto(faults_);
  return sequence;
}

std::vector<std::size_t> TaskReader::ReadSteps(const std::vector<const Value*>& tables,
                                               const std::string& name, std::uint32_t weight,
                                               KnownValues* known) {
  std::vector<std::size_t> steps;
  for (const Value* table : tables) {
    TableReader reader(*table, name);
    TaskSpec task = ReadRequest(reader, forms_, &scenario_->values, known);
    if (IsPace(task)) {
      reader.FailWanted("wait", "a pause: a pace is for whole tasks");
    }
    task.weight = weight;
    steps.push_back(Add(std::move(task)));
    reader.FinishInto(faults_);
  }
  return steps;
}

std::size_t TaskReader::Add(TaskSpec task) {
  scenario_->tasks.push_back(std::move(task));
  return scenario_->tasks.size() - 1;
}

}  // namespace sqlicorn::loadgen
