// SPDX-License-Identifier: MIT
#include "worker/request/request_fields.h"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/http/ascii.h"
#include "worker/request/number_text.h"

namespace sqlicorn {
namespace {

using nlohmann::json;

constexpr int kNumberOverflow = 406;  // of nlohmann::json::out_of_range

// What nlohmann's parser calls: keeps the fields of the outermost object, counts the rest. Each
// call returns whether to go on.
class FieldCollector {
 public:
  explicit FieldCollector(JsonFields* result) : result_(*result) {}

  // NOLINTBEGIN(readability-identifier-naming): nlohmann's names
  bool null() { return Take(ParamValue()); }

  bool boolean(bool value) { return Take(ParamValue(std::int64_t{value})); }

  bool number_integer(std::int64_t value) { return Take(ParamValue(value)); }

  bool number_unsigned(std::uint64_t value) {
    const bool fits = value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return Take(fits ? ParamValue(static_cast<std::int64_t>(value))
                     : ParamValue(static_cast<double>(value)));
  }

  bool number_float(double value, const std::string& text) {
    const auto integer = ReadInteger(text);
    const bool exact = integer && (*integer != 0 || !std::signbit(value));
    return Take(exact ? ParamValue(*integer) : ParamValue(value));
  }

  bool string(std::string& value) { return HasNoNul(value) && Take(ParamValue(std::move(value))); }

  bool binary(json::binary_t& /*value*/) { return false; }

  bool start_object(std::size_t /*size*/) {
    return depth_ == 0 ? Descend() : Take(ParamValue(), Nested::kObject) && Descend();
  }

  bool start_array(std::size_t /*size*/) { return Take(ParamValue(), Nested::kArray) && Descend(); }

  bool key(std::string& name) {
    if (depth_ == 1) {
      name_ = name;
    }
    return HasNoNul(name);
  }

  bool end_object() { return Ascend(); }

  bool end_array() { return Ascend(); }

  bool parse_error(std::size_t position, const std::string& token, const json::exception& error) {
    return Fail(error.id == kNumberOverflow
                    ? fmt::format("the number {} is too large", QuoteForLog(token))
                    : fmt::format("the body is malformed at octet {}", position));
  }

  // NOLINTEND(readability-identifier-naming)

  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  bool Take(ParamValue value, std::optional<Nested> nested = {}) {
    if (depth_ == 0) {
      return Fail("the body must be an object");
    }
    if (++result_.values > kMaxJsonValues) {
      return Fail("there are more than 1,000 values");
    }
    if (depth_ == 1) {
      result_.fields.push_back({std::move(name_), std::move(value), nested});
    }
    return true;
  }

  // As in a form: SQL text ends at a NUL for many of its functions.
  bool HasNoNul(std::string_view text) {
    return text.find('\0') == std::string_view::npos || Fail("a string holds a NUL character");
  }

  bool Descend() {
    ++depth_;
    return true;
  }

  bool Ascend() {
    --depth_;
    return true;
  }

  bool Fail(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  JsonFields& result_;
  std::string name_;
  std::size_t depth_ = 0;
  std::string fault_;
};

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

// The first field of that name from *from on, which moves behind it when it is the very next.
template <typename Field, typename Name>
const Field* FirstOf(const std::vector<Field>& fields, Name Field::*name_of, std::string_view name,
                     std::size_t* from) {
  for (std::size_t i = *from; i < fields.size(); ++i) {
    if (fields[i].*name_of == name) {
      *from += i == *from ? 1 : 0;
      return &fields[i];
    }
  }
  return nullptr;
}

Fault ToFault(FormOutcome outcome, const char* where) {
  return outcome == FormOutcome::kOk
             ? Fault()
             : ParseError{400, fmt::format("{}: {}", where, Describe(outcome))};
}

}  // namespace

Status ReadJson(std::string_view body, JsonFields* result) {
  result->Clear();
  // The parser takes it for the end of the input and says nothing about what follows.
  if (const std::size_t nul = body.find('\0'); nul != std::string_view::npos) {
    return Error{fmt::format("JSON: the body is malformed at octet {}", nul + 1)};
  }
  FieldCollector collector(result);
  if (json::sax_parse(body.begin(), body.end(), &collector)) {
    return {};
  }
  result->Clear();
  return Error{"JSON: " + collector.fault()};
}

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

bool RequestFields::Search::Find(std::string_view name, FieldValue* value) {
  const auto& typed = fields_.json_.fields;
  if (const JsonField* field = FirstOf(typed, &JsonField::name, name, &json_from_)) {
    if (field->nested) {
      *value = *field->nested;
    } else {
      *value = &field->value;
    }
    return true;
  }
  const auto& texts = fields_.form_.fields();
  if (const auto* field = FirstOf(texts, &FormDecoder::Field::first, name, &form_from_)) {
    *value = field->second;
    return true;
  }
  return false;
}

}  // namespace sqlicorn
