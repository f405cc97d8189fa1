// SPDX-License-Identifier: MIT
#include "common/config/param_sets.h"

#include <string>

#include <fmt/format.h>

#include "common/config/choices.h"
#include "common/config/table_reader.h"

namespace sqlicorn {
namespace {

template <typename T>
bool ReadDefaultAs(TableReader& reader, ParamValue* out) {
  T value{};
  if (!reader.Read("default", &value)) {
    return false;
  }
  *out = std::move(value);
  return true;
}

bool ReadDefault(TableReader& reader, ParamType type, ParamValue* out) {
  switch (type) {
    case ParamType::kInteger:
      return ReadDefaultAs<std::int64_t>(reader, out);
    case ParamType::kReal:
      return ReadDefaultAs<double>(reader, out);
    case ParamType::kText:
      break;
  }
  return ReadDefaultAs<std::string>(reader, out);
}

ParamSpec ReadParam(const std::string& name, const Value& table, const std::string& label,
                    Faults* faults) {
  ParamSpec param;
  param.name = name;
  TableReader reader(table, label);
  reader.NoteMissing("type");
  const bool typed = reader.ReadChoice("type", kParamTypes, &param.type);
  bool nullable = false;
  reader.Read("nullable", &nullable);
  // What a default of an unknown type should be, nobody knows.
  const bool has_default = typed ? ReadDefault(reader, param.type, &param.default_value)
                                 : reader.Find("default") != nullptr;
  if (nullable && has_default) {
    reader.Fail(table.place,
                fmt::format("[{}] has a default and is nullable; leave one out", label));
  }
  param.required = !has_default && !nullable;
  reader.FinishInto(faults);
  return param;
}

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
