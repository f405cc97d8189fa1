// SPDX-License-Identifier: MIT
#include "worker/request/request_fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/http/cookies.h"
#include "worker/request/body_kind.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMaxValues = kMaxJsonValues;
static_assert(kMaxValues == FormDecoder::kDefaultMaxFields);

// The first field of that name from *from on, which moves behind it when it is the very next.
template <typename Fields, typename Field, typename Name>
const Field* FirstOf(const Fields& fields, Name Field::*name_of, std::string_view name,
                     std::size_t* from) {
  for (std::size_t i = *from; i < fields.size(); ++i) {
    if (fields[i].*name_of == name) {
      *from += i == *from ? 1 : 0;
      return &fields[i];
    }
  }
  return nullptr;
}

const FormDecoder::Field* FirstNamed(RequestFields::Form fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(),
                   [name](const FormDecoder::Field& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &*found;
}

// Each says whether there is a field.
bool Put(const JsonField* field, FieldValue* value) {
  if (field == nullptr) {
    return false;
  }
  if (field->nested) {
    *value = *field->nested;
  } else {
    *value = &field->value;
  }
  return true;
}

bool Put(const FormDecoder::Field* field, FieldValue* value) {
  if (field != nullptr) {
    *value = field->second;
  }
  return field != nullptr;
}

Fault ToFault(FormOutcome outcome, const char* where) {
  return outcome == FormOutcome::kOk
             ? Fault()
             : ParseError{400, fmt::format("{}: {}", where, Describe(outcome))};
}

}  // namespace

FieldWants WantsOf(const EndpointSpec& endpoint) {
  FieldWants wants;
  wants.each = endpoint.each;
  wants.message = endpoint.each || endpoint.unknown_fields != UnknownFields::kIgnore;
  wants.json_texts = endpoint.unknown_fields == UnknownFields::kCollect;
  for (const ParamSpec& field : endpoint.fields) {
    const bool elsewhere = field.source == ParamSource::kPath ||
                           field.source == ParamSource::kHeader ||
                           field.source == ParamSource::kCookie;
    wants.message = wants.message || !elsewhere;
    wants.json_texts = wants.json_texts || field.type == ParamType::kJson;
    wants.raw = field.source == ParamSource::kRaw ? &field : wants.raw;
  }
  return wants;
}

Fault RequestFields::Read(const Message& request, const FieldWants& wants) {
  request_ = &request;
  raw_ = wants.raw;
  json_texts_ = wants.json_texts;
  each_ = wants.each;
  json_.Clear();
  parts_.clear();
  owned_.clear();
  body_fields_ = 0;
  if (!wants.message) {
    return ToFault(form_.Decode(""), "form");
  }
  if (Fault fault = ReadBody()) {
    return fault;
  }
  body_fields_ = form_.fields().size();
  // Behind the body: the first field of a name is the one that counts.
  if (Fault fault = ToFault(form_.Append(request.query()), "query string")) {
    return fault;
  }
  return json_.values + parts_.size() + form_.fields().size() > kMaxValues
             ? ToFault(FormOutcome::kTooManyFields,
                       parts_.empty() ? "JSON and query string" : "form and query string")
             : Fault();
}

Fault RequestFields::ReadBody() {
  const BodyKind kind = raw_ != nullptr ? BodyKind::kNone : KindOf(*request_);
  const std::string_view form = kind == BodyKind::kForm ? request_->body() : std::string_view();
  if ((kind != BodyKind::kNone || HasRaw()) && !IsPlain(*request_)) {
    return ParseError{415, "Content-Encoding: send the body without one, or \"identity\""};
  }
  if (each_) {
    return ReadObjects(kind);
  }
  if (kind == BodyKind::kUnknown) {
    return ParseError{415,
                      "Content-Type: send application/x-www-form-urlencoded, multipart/form-data, "
                      "application/json, or no body"};
  }
  if (kind == BodyKind::kMultipart) {
    if (Fault fault = ReadParts()) {
      return fault;
    }
  }
  if (kind == BodyKind::kJson) {
    if (const Status read = ReadJson(request_->body(), &json_); !read) {
      return ParseError{400, read.error().message};
    }
    if (json_texts_) {
      MarkTexts(request_->body(), &json_);
    }
  }
  return ToFault(form_.Decode(form), "form");
}

Fault RequestFields::ReadObjects(BodyKind kind) {
  if (kind != BodyKind::kJson && kind != BodyKind::kNone) {
    return ParseError{415, "Content-Type: send application/json, an array of objects"};
  }
  if (const Status read = ReadJson(request_->body(), &json_, JsonShape::kArrayOfObjects); !read) {
    return ParseError{400, read.error().message};
  }
  if (json_texts_) {
    MarkTexts(request_->body(), &json_);
  }
  return ToFault(form_.Decode(""), "form");
}

std::span<const JsonField> RequestFields::json(std::size_t object) const {
  const std::span<const JsonField> all(json_.fields);
  if (!each_) {
    return all;
  }
  const auto& objects = json_.objects;
  const std::size_t begin = objects[object];
  const std::size_t end = object + 1 < objects.size() ? objects[object + 1] : all.size();
  return all.subspan(begin, end - begin);
}

// An idle connection would keep a copy of a large body otherwise.
void RequestFields::Release() {
  constexpr std::size_t kKeptBytes = 64U << 10U;
  const bool large = request_ != nullptr && request_->body().size() > kKeptBytes;
  request_ = nullptr;
  owned_.clear();
  if (large) {
    json_ = {};
    parts_ = {};
    static_cast<void>(form_.Decode(""));
  }
}

Fault RequestFields::ReadParts() {
  const std::string_view boundary = BoundaryOf(request_->Header("Content-Type"));
  const std::string wrong = boundary.empty() ? "its Content-Type has no boundary"
                                             : ReadMultipart(request_->body(), boundary, &parts_);
  if (!wrong.empty()) {
    parts_.clear();
    return ParseError{400, fmt::format("form: {}", wrong)};
  }
  // A browser sends this for a file that nobody has chosen.
  std::erase_if(parts_, [](const FormPart& part) {
    return part.file_name && part.file_name->empty() && part.octets.empty();
  });
  return {};
}

// GET and HEAD have none. What has no octet is a body all the same: an empty file is one.
bool RequestFields::HasRaw() const {
  return raw_ != nullptr && request_->method() != "GET" && request_->method() != "HEAD";
}

const FormPart* RequestFields::PartOf(std::string_view name) const {
  const auto found = std::find_if(parts_.begin(), parts_.end(),
                                  [name](const FormPart& part) { return part.name == name; });
  return found == parts_.end() ? nullptr : &*found;
}

bool RequestFields::FindForm(std::string_view name, FieldValue* value) const {
  if (const FormPart* part = PartOf(name)) {
    *value = Octets{part->octets};
    return true;
  }
  return Put(FirstNamed(body_form(), name), value);
}

bool RequestFields::FindWordOfFile(const ParamSpec& param, FieldValue* value) const {
  const bool is_type = param.source == ParamSource::kFileType;
  if (raw_ != nullptr && raw_->client_name() == param.client_name()) {
    *value = UncheckedText{request_->Header("Content-Type")};
    return is_type && HasRaw() && request_->HasHeader("Content-Type");
  }
  const FormPart* const part = PartOf(param.client_name());
  if (part == nullptr || (is_type ? part->type.empty() : !part->file_name.has_value())) {
    return false;
  }
  *value = is_type ? part->type : std::string_view(*part->file_name);
  return true;
}

// Outside of the body and query, which most are of.
bool RequestFields::FindElsewhere(const ParamSpec& param, FieldValue* value) const {
  const std::string& name = param.client_name();
  if (param.source == ParamSource::kPath) {
    *value = path.at(param.variable);
    return true;
  }
  if (param.source == ParamSource::kHeader) {
    *value = UncheckedText{request_->Header(name)};
    return request_->HasHeader(name);
  }
  if (param.source == ParamSource::kCookie) {
    const auto cookie = FindCookie(*request_, name);
    *value = UncheckedText{cookie.value_or("")};
    return cookie.has_value();
  }
  if (param.source == ParamSource::kRaw) {
    *value = Octets{request_->body()};
    return HasRaw();
  }
  return param.source != ParamSource::kUnknown && FindWordOfFile(param, value);
}

bool RequestFields::Search::Find(std::string_view name, FieldValue* value) {
  if (Put(FirstOf(json_, &JsonField::name, name, &json_from_), value)) {
    return true;
  }
  if (const FormPart* part = fields_.parts_.empty() ? nullptr : fields_.PartOf(name)) {
    *value = Octets{part->octets};
    return true;
  }
  return Put(FirstOf(fields_.form_.fields(), &FormDecoder::Field::first, name, &form_from_), value);
}

bool RequestFields::Search::FindJsonText(std::string_view name, FieldValue* value) const {
  std::size_t from = 0;
  const JsonField* field = FirstOf(json_, &JsonField::name, name, &from);
  if (field != nullptr) {
    *value = JsonText{field->text};
  }
  return field != nullptr;
}

bool RequestFields::Search::FindJson(const ParamSpec& param, FieldValue* value) const {
  if (param.type == ParamType::kJson) {
    return FindJsonText(param.client_name(), value);
  }
  std::size_t from = 0;
  return Put(FirstOf(json_, &JsonField::name, std::string_view(param.client_name()), &from), value);
}

bool RequestFields::Search::Find(const ParamSpec& param, FieldValue* value) {
  const std::string& name = param.client_name();
  switch (param.source) {
    case ParamSource::kAny:
      return (param.type == ParamType::kJson && FindJsonText(name, value)) || Find(name, value);
    case ParamSource::kQuery:
      return Put(FirstNamed(fields_.query(), name), value);
    case ParamSource::kForm:
      return fields_.FindForm(name, value);
    case ParamSource::kJson:
      return FindJson(param, value);
    case ParamSource::kBody:
      return FindJson(param, value) || fields_.FindForm(name, value);
    default:
      return fields_.FindElsewhere(param, value);
  }
}

}  // namespace sqlicorn
