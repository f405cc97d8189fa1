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

Result<ParamSpec> ReadParam(const std::string& name, const Value& table, const std::string& label) {
  ParamSpec param;
  param.name = name;
  TableReader reader(table, label);
  reader.NoteMissing("type");
  reader.ReadChoice("type", kParamTypes, &param.type);
  bool nullable = false;
  reader.Read("nullable", &nullable);
  const bool has_default = ReadDefault(reader, param.type, &param.default_value);
  if (nullable && has_default) {
    reader.Fail(table.place,
                fmt::format("[{}] has a default and is nullable; leave one out", label));
  }
  param.required = !has_default && !nullable;
  if (const Status status = reader.Finish(); !status) {
    return status.error();
  }
  return param;
}

Result<ParamSetSpec> ReadParamSet(const std::string& name, const Value& table,
                                  const std::string& label) {
  ParamSetSpec set;
  set.name = name;
  TableReader reader(table, label);
  for (const auto& [field, ignored] : reader.members()) {
    const Value* spec = reader.ReadTable(field);
    if (spec == nullptr) {
      return reader.Finish().error();
    }
    Result<ParamSpec> param = ReadParam(field, *spec, reader.Label(field));
    if (!param) {
      return param.error();
    }
    set.params.push_back(*std::move(param));
  }
  return set;
}

}  // namespace

Result<std::vector<ParamSetSpec>> ReadParamSets(const Value& table) {
  std::vector<ParamSetSpec> sets;
  TableReader reader(table, "params");
  for (const auto& [name, ignored] : reader.members()) {
    const Value* fields = reader.ReadTable(name);
    if (fields == nullptr) {
      return reader.Finish().error();
    }
    Result<ParamSetSpec> set = ReadParamSet(name, *fields, reader.Label(name));
    if (!set) {
      return set.error();
    }
    sets.push_back(*std::move(set));
  }
  return sets;
}

}  // namespace sqlicorn
