// SPDX-License-Identifier: MIT
#include "worker/request/param_binder.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "common/http/ascii.h"
#include "worker/request/number_text.h"

namespace sqlicorn {
namespace {

const char* Wanted(ParamType type) {
  switch (type) {
    case ParamType::kText:
      return "text";
    case ParamType::kInteger:
      return "an integer";
    case ParamType::kReal:
      return "a number";
  }
  return "";
}

std::optional<BoundParam> FromText(ParamType type, std::string_view text) {
  switch (type) {
    case ParamType::kText:
      return text;
    case ParamType::kInteger: {
      const auto integer = ReadInteger(text);
      return integer ? std::optional<BoundParam>(*integer) : std::nullopt;
    }
    case ParamType::kReal: {
      const auto real = ReadReal(text);
      return real ? std::optional<BoundParam>(*real) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<BoundParam> FromTyped(ParamType type, const ParamValue& value) {
  if (type == ParamType::kText && std::holds_alternative<std::string>(value)) {
    return std::string_view(std::get<std::string>(value));
  }
  if (type == ParamType::kInteger && std::holds_alternative<std::int64_t>(value)) {
    return std::get<std::int64_t>(value);
  }
  if (type == ParamType::kInteger && std::holds_alternative<double>(value)) {
    // An integer that a double alone can hold is -0.0; larger ones are none of 64 bits.
    return std::get<double>(value) == 0 ? std::optional<BoundParam>(std::int64_t{0}) : std::nullopt;
  }
  if (type == ParamType::kReal && std::holds_alternative<std::int64_t>(value)) {
    return static_cast<double>(std::get<std::int64_t>(value));
  }
  if (type == ParamType::kReal && std::holds_alternative<double>(value)) {
    return std::get<double>(value);
  }
  return std::nullopt;
}

bool IsNullable(const ParamSpec& spec) {
  return !spec.required && std::holds_alternative<std::monostate>(spec.default_value);
}

struct ToBound {
  BoundParam operator()(std::monostate) const { return {}; }

  BoundParam operator()(std::int64_t value) const { return value; }

  BoundParam operator()(double value) const { return value; }

  BoundParam operator()(const std::string& value) const { return std::string_view(value); }
};

std::optional<BoundParam> Convert(const ParamSpec& spec, const FieldValue& field) {
  if (std::holds_alternative<Nested>(field)) {
    return std::nullopt;
  }
  if (const auto* typed = std::get_if<const ParamValue*>(&field)) {
    if (std::holds_alternative<std::monostate>(**typed)) {
      return IsNullable(spec) ? std::optional<BoundParam>(BoundParam()) : std::nullopt;
    }
    return FromTyped(spec.type, **typed);
  }
  const std::string_view text = std::get<std::string_view>(field);
  // An HTML form sends an empty number field as "".
  if (TrimBlanks(text).empty() && spec.type != ParamType::kText && IsNullable(spec)) {
    return BoundParam();
  }
  return FromText(spec.type, text);
}

std::string Complaint(const ParamSpec& spec, const FieldValue& field) {
  const auto* nested = std::get_if<Nested>(&field);
  if (nested == nullptr) {
    return fmt::format("field '{}' must be {}", spec.name, Wanted(spec.type));
  }
  const char* const found = *nested == Nested::kArray ? "an array" : "an object";
  const char* const remedy =
      spec.type == ParamType::kText
          ? "; send its JSON as a string, which SQL takes apart with json_each() and ->>"
          : "; send one value";
  return fmt::format("field '{}' must be {}, not {}{}", spec.name, Wanted(spec.type), found,
                     remedy);
}

}  // namespace

std::optional<std::vector<BoundParam>> DefaultsOf(const ParamSetSpec& set) {
  std::vector<BoundParam> defaults;
  for (const ParamSpec& spec : set.params) {
    if (spec.required) {
      return std::nullopt;
    }
    defaults.push_back(std::visit(ToBound(), spec.default_value));
  }
  return defaults;
}

Status BindParams(const ParamSetSpec& set, const RequestFields& fields,
                  std::vector<BoundParam>* params) {
  params->clear();
  RequestFields::Search search(fields);
  for (const ParamSpec& spec : set.params) {
    FieldValue field;
    if (!search.Find(spec.name, &field)) {
      if (spec.required) {
        return Error{fmt::format("field '{}' is missing", spec.name)};
      }
      params->push_back(std::visit(ToBound(), spec.default_value));
      continue;
    }
    const auto bound = Convert(spec, field);
    if (!bound) {
      return Error{Complaint(spec, field)};
    }
    params->push_back(*bound);
  }
  return {};
}

}  // namespace sqlicorn
