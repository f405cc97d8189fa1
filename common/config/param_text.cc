// SPDX-License-Identifier: MIT
#include "common/config/param_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/config/choices.h"
#include "common/config/toml.h"

namespace sqlicorn {
namespace {

struct ValuePrinter {
  std::string operator()(std::monostate) const { return ""; }

  std::string operator()(std::int64_t value) const { return std::to_string(value); }

  std::string operator()(double value) const { return TomlNumber(value); }

  std::string operator()(const std::string& value) const { return TomlString(value); }
};

std::string Print(const ParamValue& value) {
  return std::visit(ValuePrinter(), value);
}

// The keys of one field in the order of the reference.
class Keys {
 public:
  void Add(std::string_view key, const std::string& value) {
    if (!value.empty()) {
      keys_.push_back(fmt::format("{} = {}", key, value));
    }
  }

  void Add(std::string_view key, std::optional<std::int64_t> number) {
    Add(key, number ? std::to_string(*number) : "");
  }

  [[nodiscard]] std::string ToString() const {
    return fmt::format("{{ {} }}", fmt::join(keys_, ", "));
  }

 private:
  std::vector<std::string> keys_;
};

std::string PrintChoices(const std::vector<ParamValue>& choices) {
  std::vector<std::string> values(choices.size());
  std::transform(choices.begin(), choices.end(), values.begin(), Print);
  return choices.empty() ? "" : fmt::format("[{}]", fmt::join(values, ", "));
}

void AddLimits(const ParamLimits& limits, Keys& keys) {
  keys.Add("min", Print(limits.min));
  keys.Add("max", Print(limits.max));
  keys.Add("min_length", limits.min_length);
  keys.Add("max_length", limits.max_length);
  keys.Add("pattern", limits.pattern ? TomlString(limits.pattern->expression()) : "");
  keys.Add("enum", PrintChoices(limits.choices));
}

std::string PrintDefault(const ParamSpec& param) {
  const auto* flag = std::get_if<std::int64_t>(&param.default_value);
  if (param.type == ParamType::kBoolean && flag != nullptr) {
    return *flag != 0 ? "true" : "false";
  }
  return Print(param.default_value);
}

std::string PrintParam(const ParamSpec& param) {
  Keys keys;
  keys.Add("type", TomlString(NameOf(kParamTypes, param.type)));
  if (param.source != ParamSource::kAny) {
    keys.Add("in", TomlString(NameOf(kParamSources, param.source)));
  }
  keys.Add("name", param.outside.empty() ? "" : TomlString(param.outside));
  if (param.limits) {
    AddLimits(*param.limits, keys);
  }
  if (!param.required) {
    const std::string value = PrintDefault(param);
    keys.Add(value.empty() ? "nullable" : "default", value.empty() ? "true" : value);
  }
  return keys.ToString();
}

}  // namespace

std::string PrintParamSet(const ParamSetSpec& set) {
  std::string text = fmt::format("\n[params.{}]\n", TomlKey(set.name));
  for (const ParamSpec& param : set.params) {
    text += fmt::format("{} = {}\n", TomlKey(param.name), PrintParam(param));
  }
  return text;
}

}  // namespace sqlicorn
