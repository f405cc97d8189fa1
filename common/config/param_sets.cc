// SPDX-License-Identifier: MIT
#include "common/config/param_sets.h"

#include <string>

#include <fmt/format.h>

#include "common/config/choices.h"
#include "common/config/param_reader.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"

namespace sqlicorn {
namespace {

ParamSetSpec ReadParamSet(const std::string& name, const Value& table, const std::string& label,
                          Faults* faults) {
  ParamSetSpec set;
  set.name = name;
  TableReader reader(table, label);
  for (const auto& [field, ignored] : reader.members()) {
    if (const Value* spec = reader.ReadTable(field)) {
      set.params.push_back(ReadParam(field, *spec, reader.Label(field), faults));
    }
  }
  reader.FinishInto(faults);
  return set;
}

}  // namespace

std::vector<ParamSetSpec> ReadParamSets(const Value& table, Faults* faults) {
  std::vector<ParamSetSpec> sets;
  TableReader reader(table, "params");
  for (const auto& [name, ignored] : reader.members()) {
    if (const Value* fields = reader.ReadTable(name)) {
      sets.push_back(ReadParamSet(name, *fields, reader.Label(name), faults));
    }
  }
  reader.FinishInto(faults);
  return sets;
}

}  // namespace sqlicorn
