// SPDX-License-Identifier: MIT
#include "worker/request/request_fields.h"

#include <fmt/format.h>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMaxValues = kMaxJsonValues;
static_assert(kMaxValues == FormDecoder::kDefaultMaxFields);

enum class BodyKind { kNone, kForm, kJson, kUnknown };

BodyKind KindOf(const Message& request) {
  if (request.body().empty() || request.method() == "GET" || request.method() == "HEAD") {
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

// Whether the body is as its Content-Type says, not compressed or the like.
bool IsPlain(const Message& request) {
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    if (!EqualsIgnoreCase(header.name, "content-encoding")) {
      continue;
    }
    std::string_view list = header.value;
    while (!list.empty()) {
      const std::string_view coding = TakeListItem(list);
      if (!coding.empty() && !EqualsIgnoreCase(coding, "identity")) {
        return false;
      }
    }
  }
  return true;
}

Fault ToFault(FormOutcome outcome, const char* where) {
  return outcome == FormOutcome::kOk
             ? Fault()
             : ParseError{400, fmt::format("{}: {}", where, Describe(outcome))};
}

}  // namespace

Fault RequestFields::Read(const Message& request) {
  json_.Clear();
  if (Fault fault = ReadBody(request)) {
    return fault;
  }
  // Behind the body: the first field of a name is the one that counts.
  if (Fault fault = ToFault(form_.Append(request.query()), "query string")) {
    return fault;
  }
  return json_.values + form_.fields().size() > kMaxValues
             ? ToFault(FormOutcome::kTooManyFields, "JSON and query string")
             : Fault();
}

Fault RequestFields::ReadBody(const Message& request) {
  const BodyKind kind = KindOf(request);
  const std::string_view form = kind == BodyKind::kForm ? request.body() : std::string_view();
  if (kind != BodyKind::kNone && !IsPlain(request)) {
    return ParseError{415, "Content-Encoding: send the body without one, or \"identity\""};
  }
  if (kind == BodyKind::kUnknown) {
    return ParseError{
        415, "Content-Type: send application/x-www-form-urlencoded, application/json, or no body"};
  }
  if (kind == BodyKind::kJson) {
    if (const Status read = ReadJson(request.body(), &json_); !read) {
      return ParseError{400, read.error().message};
    }
  }
  return ToFault(form_.Decode(form), "form");
}

bool RequestFields::Find(std::string_view name, FieldValue* value) const {
  for (const JsonField& field : json_.fields) {
    if (field.name == name) {
      if (field.nested) {
        *value = *field.nested;
      } else {
        *value = &field.value;
      }
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
