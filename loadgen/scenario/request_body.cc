// SPDX-License-Identifier: MIT
#include "loadgen/scenario/request_body.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/http/url.h"
#include "common/json/json_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kUniqueSuffix = " #";

std::string UniqueEnd() {
  return fmt::format("{}{}", kUniqueSuffix, kUniqueMark);
}

// One field of a form; only texts have values in them.
class FormField {
 public:
  explicit FormField(const KnownValues& known) : known_(known) {}

  Result<std::string> operator()(bool value) const { return std::string(value ? "true" : "false"); }

  Result<std::string> operator()(std::int64_t value) const { return std::to_string(value); }

  Result<std::string> operator()(double value) const {
    std::string encoded;
    AppendQuotePlus(fmt::format("{}", value), &encoded);
    return encoded;
  }

  Result<std::string> operator()(const std::string& value) const {
    return EncodeText(value, Encoding::kForm, known_);
  }

  template <typename T>
  Result<std::string> operator()(const T&) const {
    return Error{"a form field must be a string, a number or a boolean"};
  }

 private:
  const KnownValues& known_;
};

void AppendJsonString(std::string_view text, std::string* out) {
  AppendEncoded(text, false, Encoding::kJsonWhole, out);
}

// Writes a value as compact JSON. The first text that is wrong is remembered.
class JsonWriter {
 public:
  // Without `known` texts are written as they are.
  JsonWriter(const KnownValues* known, std::string* out) : known_(known), out_(out) {}

  void Write(const Value& value) {
    place_ = &value.place;
    std::visit(*this, value.data);
  }

  void operator()(bool value) { out_->append(value ? "true" : "false"); }

  void operator()(std::int64_t value) { out_->append(std::to_string(value)); }

  void operator()(double value) { out_->append(TextOf(nlohmann::json(value))); }

  void operator()(const std::string& text) {
    if (known_ == nullptr) {
      AppendJsonString(text, out_);
      return;
    }
    const Result<std::vector<TextPiece>> pieces = ParseText(text, *known_);
    if (!pieces) {
      Remember(pieces.error());
    } else if (pieces->size() == 1 && pieces->front().value) {
      AppendMark(*pieces->front().value, Encoding::kJsonWhole, out_);
    } else {
      out_->push_back('"');
      out_->append(EncodeText(text, Encoding::kJsonText, *known_).value());
      out_->push_back('"');
    }
  }

  void operator()(const Array& elements) {
    out_->push_back('[');
    for (const Value& element : elements) {
      out_->append(&element == elements.data() ? "" : ",");
      Write(element);
    }
    out_->push_back(']');
  }

  void operator()(const Table& members) {
    out_->push_back('{');
    for (const TableMember& member : members) {
      out_->append(&member == members.data() ? "" : ",");
      AppendJsonString(member.key, out_);
      out_->push_back(':');
      Write(member.value);
    }
    out_->push_back('}');
  }

  [[nodiscard]] const Status& status() const { return status_; }

 private:
  void Remember(const Error& error) {
    if (status_) {
      status_ = error.In(place_->ToString());
    }
  }

  const KnownValues* known_;
  std::string* out_;
  const Place* place_ = nullptr;
  Status status_;
};

}  // namespace

Status EncodeFormBody(const Value& form, std::string_view unique, const KnownValues& known,
                      TaskSpec* task) {
  std::string body;
  for (const auto& [name, value] : std::get<Table>(form.data)) {
    const Result<std::string> encoded = std::visit(FormField(known), value.data);
    if (!encoded) {
      return encoded.error().In(value.place.ToString());
    }
    body += body.empty() ? "" : "&";
    AppendQuotePlus(name, &body);
    body += '=';
    body += *encoded;
    if (name == unique) {
      AppendQuotePlus(UniqueEnd(), &body);
    }
  }
  task->body = std::move(body);
  task->content_type = "application/x-www-form-urlencoded";
  return {};
}

Status EncodeJsonBody(const Value& json, std::string_view unique, const KnownValues& known,
                      TaskSpec* task) {
  Value root = json;
  if (auto* members = std::get_if<Table>(&root.data)) {
    const auto field =
        std::find_if(members->begin(), members->end(),
                     [&](const TableMember& member) { return member.key == unique; });
    auto* text = field == members->end() ? nullptr : std::get_if<std::string>(&field->value.data);
    if (text != nullptr) {
      text->append(UniqueEnd());
    }
  }
  std::string body;
  JsonWriter writer(&known, &body);
  writer.Write(root);
  task->body = std::move(body);
  task->content_type = "application/json";
  return writer.status();
}

bool MarkQueryField(std::string_view unique, TaskSpec* task) {
  std::string mark;
  AppendQuotePlus(UniqueEnd(), &mark);
  std::string name;
  AppendQuotePlus(unique, &name);
  std::string& path = task->path;
  for (std::size_t at = path.find('?'); at != std::string::npos; at = path.find('&', at + 1)) {
    if (path.compare(at + 1, name.size() + 1, name + "=") == 0) {
      path.insert(std::min(path.find('&', at + 1), path.size()), mark);
      return true;
    }
  }
  return false;
}

bool HasUniqueMark(std::string_view text) {
  return text.find(kUniqueMark) != std::string_view::npos;
}

std::string ToJsonText(const Value& value) {
  std::string text;
  JsonWriter(nullptr, &text).Write(value);
  return text;
}

}  // namespace sqlicorn::loadgen
