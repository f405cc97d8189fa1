// SPDX-License-Identifier: MIT
#include "worker/request/param_value.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "common/base/base64.h"
#include "common/base/date_time.h"
#include "common/base/text.h"
#include "common/config/param_limits.h"
#include "common/http/ascii.h"
#include "worker/request/number_text.h"

namespace sqlicorn {
namespace {

using Bound = std::optional<BoundParam>;

Bound TextIf(bool good, std::string_view text) {
  return good ? Bound(text) : std::nullopt;
}

Bound ReadBoolean(std::string_view text) {
  constexpr std::array<std::string_view, 3> kTrue = {"true", "1", "on"};
  constexpr std::array<std::string_view, 3> kFalse = {"false", "0", "off"};
  const std::string_view word = TrimBlanks(text);
  const auto is_of = [word](const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return is_of(kTrue)    ? Bound(std::int64_t{1})
         : is_of(kFalse) ? Bound(std::int64_t{0})
                         : std::nullopt;
}

Bound ReadBlob(std::string_view text, RequestFields& fields) {
  std::string octets;
  const bool good = DecodeBase64(text, &octets);
  return good ? Bound(BlobView{fields.Own(std::move(octets))}) : std::nullopt;
}

Bound FromText(ParamType type, std::string_view text, RequestFields& fields) {
  switch (type) {
    case ParamType::kText:
      return text;
    case ParamType::kInteger: {
      const auto integer = ReadInteger(text);
      return integer ? Bound(*integer) : std::nullopt;
    }
    case ParamType::kReal: {
      const auto real = ReadReal(text);
      return real ? Bound(*real) : std::nullopt;
    }
    case ParamType::kBoolean:
      return ReadBoolean(text);
    case ParamType::kBlob:
      return ReadBlob(text, fields);
    case ParamType::kJson:
      return TextIf(IsJson(text), text);
    case ParamType::kDate:
      return TextIf(ReadDate(text).has_value(), text);
    case ParamType::kTimestamp:
      return TextIf(ReadTimestamp(text).has_value(), text);
  }
  return std::nullopt;
}

// A JSON string stands for what a string has to stand for, and for no number.
bool IsStringInJson(ParamType type) {
  return type == ParamType::kText || type == ParamType::kBlob || type == ParamType::kDate ||
         type == ParamType::kTimestamp;
}

Bound FromInteger(ParamType type, std::int64_t value) {
  if (type == ParamType::kInteger || (type == ParamType::kBoolean && (value == 0 || value == 1))) {
    return value;
  }
  return type == ParamType::kReal ? Bound(static_cast<double>(value)) : std::nullopt;
}

Bound FromTyped(ParamType type, const ParamValue& value, RequestFields& fields) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return IsStringInJson(type) ? FromText(type, *text, fields) : std::nullopt;
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return FromInteger(type, *integer);
  }
  const double real = std::get<double>(value);
  if (type == ParamType::kInteger) {
    // An integer that a double alone can hold is -0.0; larger ones are none of 64 bits.
    return real == 0 ? Bound(std::int64_t{0}) : std::nullopt;
  }
  return type == ParamType::kReal ? Bound(real) : std::nullopt;
}

bool IsNullable(const ParamSpec& param) {
  return !param.required && std::holds_alternative<std::monostate>(param.default_value);
}

// An HTML form sends an empty number field as "". An empty text or blob is one.
bool StandsForNull(const ParamSpec& param, std::string_view text) {
  return param.type != ParamType::kText && param.type != ParamType::kBlob && IsNullable(param) &&
         TrimBlanks(text).empty();
}

struct Converter {
  const ParamSpec& param;
  RequestFields& fields;

  Bound operator()(std::string_view text) const {
    return StandsForNull(param, text) ? Bound(BoundParam()) : FromText(param.type, text, fields);
  }

  Bound operator()(const ParamValue* typed) const {
    if (std::holds_alternative<std::monostate>(*typed)) {
      return IsNullable(param) ? Bound(BoundParam()) : std::nullopt;
    }
    return FromTyped(param.type, *typed, fields);
  }

  Bound operator()(Nested /*nested*/) const { return std::nullopt; }

  Bound operator()(JsonText json) const {
    return json.text == "null" && IsNullable(param) ? Bound(BoundParam()) : Bound(json.text);
  }

  Bound operator()(UncheckedText unchecked) const {
    return IsValidText(unchecked.text) ? (*this)(unchecked.text) : std::nullopt;
  }

  Bound operator()(Octets file) const {
    return param.type == ParamType::kBlob ? Bound(BlobView{file.octets})
                                          : (*this)(UncheckedText{file.octets});
  }
};

struct Misfitter {
  const ParamSpec& param;

  std::string operator()(std::monostate) const { return ""; }

  std::string operator()(std::int64_t value) const { return Misfit(*param.limits, value); }

  std::string operator()(double value) const { return Misfit(*param.limits, value); }

  std::string operator()(std::string_view value) const { return Misfit(param, value); }

  std::string operator()(BlobView value) const { return Misfit(param, value.octets); }
};

}  // namespace

std::optional<BoundParam> Convert(const ParamSpec& param, const FieldValue& field,
                                  RequestFields& fields) {
  return std::visit(Converter{param, fields}, field);
}

std::string Complaint(const ParamSpec& param, const FieldValue& field) {
  const std::string_view wanted = Wanted(param.type);
  const auto* nested = std::get_if<Nested>(&field);
  if (nested == nullptr) {
    return fmt::format("must be {}", wanted);
  }
  const char* const found = *nested == Nested::kArray ? "an array" : "an object";
  const char* const remedy =
      param.type == ParamType::kText
          ? "; send its JSON as a string, which SQL takes apart with json_each() and ->>"
          : "; send one value";
  return fmt::format("must be {}, not {}{}", wanted, found, remedy);
}

std::string MisfitOf(const ParamSpec& param, const BoundParam& value) {
  return param.limits ? std::visit(Misfitter{param}, value) : "";
}

}  // namespace sqlicorn
