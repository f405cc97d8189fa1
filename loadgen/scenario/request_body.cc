// SPDX-License-Identifier: MIT
#include "loadgen/scenario/request_body.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/http/url.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kUniqueSuffix = " #";

std::string Marked(std::string text) {
  return text.append(kUniqueSuffix).append(kUniqueMark);
}

struct FieldText {
  Result<std::string> operator()(bool value) const { return std::string(value ? "true" : "false"); }

  Result<std::string> operator()(std::int64_t value) const { return std::to_string(value); }

  Result<std::string> operator()(double value) const { return fmt::format("{}", value); }

  Result<std::string> operator()(const std::string& value) const { return value; }

  template <typename T>
  Result<std::string> operator()(const T&) const {
    return Error{"a form field must be a string, a number or a boolean"};
  }
};

Json ToJson(const Value& value);

struct ToJsonVisitor {
  template <typename T>
  Json operator()(const T& value) const {
    return value;
  }

  Json operator()(const Array& elements) const {
    Json array = Json::array();
    for (const Value& element : elements) {
      array.push_back(ToJson(element));
    }
    return array;
  }

  Json operator()(const Table& members) const {
    Json object = Json::object();
    for (const auto& [name, member] : members) {
      object[name] = ToJson(member);
    }
    return object;
  }
};

Json ToJson(const Value& value) {
  return std::visit(ToJsonVisitor(), value.data);
}

}  // namespace

Status EncodeFormBody(const Value& form, std::string_view unique, TaskSpec* task) {
  std::string body;
  for (const auto& [name, value] : std::get<Table>(form.data)) {
    Result<std::string> text = std::visit(FieldText(), value.data);
    if (!text) {
      return text.error().In(value.place.ToString());
    }
    body += body.empty() ? "" : "&";
    AppendQuotePlus(name, &body);
    body += '=';
    AppendQuotePlus(name == unique ? Marked(*text) : *text, &body);
  }
  task->body = std::move(body);
  task->content_type = "application/x-www-form-urlencoded";
  return {};
}

void EncodeJsonBody(const Value& json, std::string_view unique, TaskSpec* task) {
  Json root = ToJson(json);
  const auto field = root.is_object() ? root.find(std::string(unique)) : root.end();
  if (field != root.end() && field->is_string()) {
    *field = Marked(field->get<std::string>());
  }
  task->body = root.dump();
  task->content_type = "application/json";
}

bool MarkQueryField(std::string_view unique, TaskSpec* task) {
  std::string mark;
  AppendQuotePlus(Marked(""), &mark);
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

}  // namespace sqlicorn::loadgen
