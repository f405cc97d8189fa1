// SPDX-License-Identifier: MIT
#include "worker/request_fields.h"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

enum class BodyKind { kNone, kForm, kJson, kUnknown };

BodyKind KindOf(const Message& request) {
  if (request.body().empty()) {
    return BodyKind::kNone;
  }
  const std::string_view type = request.Header("Content-Type");
  const std::string_view media = TrimBlanks(type.substr(0, type.find(';')));
  if (EqualsIgnoreCase(media, "application/x-www-form-urlencoded")) {
    return BodyKind::kForm;
  }
  if (EqualsIgnoreCase(media, "application/json")) {
    return BodyKind::kJson;
  }
  return BodyKind::kUnknown;
}

Status ToStatus(FormOutcome outcome, const char* where) {
  return outcome == FormOutcome::kOk
             ? Status()
             : Status(Error{fmt::format("{}: {}", where, Describe(outcome))});
}

// A JSON scalar as a parameter; nothing else can be one.
Result<ParamValue> ToParam(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::null:
      return ParamValue();
    case nlohmann::json::value_t::boolean:
      return ParamValue(std::int64_t{value.get<bool>()});
    case nlohmann::json::value_t::number_integer:
      return ParamValue(value.get<std::int64_t>());
    case nlohmann::json::value_t::number_unsigned:
      if (value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
        return Error{"is larger than a 64-bit integer"};
      }
      return ParamValue(value.get<std::int64_t>());
    case nlohmann::json::value_t::number_float:
      return ParamValue(value.get<double>());
    case nlohmann::json::value_t::string:
      // As in a form: SQL text ends at a NUL for many of its functions.
      if (!IsValidText(value.get_ref<const std::string&>())) {
        return Error{"holds a NUL character"};
      }
      return ParamValue(value.get<std::string>());
    default:
      return Error{"is no string, number, boolean or null"};
  }
}

}  // namespace

Status RequestFields::Read(const Message& request) {
  json_.clear();
  switch (KindOf(request)) {
    case BodyKind::kNone:
      return ToStatus(form_.Decode(request.query()), "query string");
    case BodyKind::kForm:
      // The body first: the first field of a name is the one that counts.
      if (Status body = ToStatus(form_.Decode(request.body()), "form"); !body) {
        return body;
      }
      return ToStatus(form_.Append(request.query()), "query string");
    case BodyKind::kJson:
      if (Status body = ReadJson(request.body()); !body) {
        return body;
      }
      return ToStatus(form_.Decode(request.query()), "query string");
    case BodyKind::kUnknown:
      break;
  }
  return Error{
      "Content-Type: send application/x-www-form-urlencoded, application/json, or no body"};
}

Status RequestFields::ReadJson(std::string_view body) {
  const auto document = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    return Error{document.is_discarded() ? "JSON: the body is malformed"
                                         : "JSON: the body must be an object"};
  }
  for (const auto& [name, value] : document.items()) {
    auto param = ToParam(value);
    if (!param) {
      return Error{fmt::format("JSON: field {} {}", QuoteForLog(name), param.error().message)};
    }
    json_.emplace_back(name, std::move(*param));
  }
  return {};
}

bool RequestFields::Find(std::string_view name, FieldValue* value) const {
  for (const auto& [field, param] : json_) {
    if (field == name) {
      *value = &param;
      return true;
    }
  }
  if (const std::string_view* text = form_.Find(name)) {
    *value = *text;
    return true;
  }
  return false;
}

}  // namespace sqlicorn
