// SPDX-License-Identifier: MIT
#include "worker/request/json_fields.h"

#include <algorithm>
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
  // `depth`: where the text begins; behind `shape` it is one value of such an object.
  FieldCollector(JsonFields* result, JsonShape shape, std::size_t depth = 0)
      : result_(*result),
        object_depth_(shape == JsonShape::kArrayOfObjects ? 1 : 0),
        depth_(depth) {}

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
    return depth_ == object_depth_ ? BeginObject()
                                   : Take(ParamValue(), Nested::kObject) && Descend();
  }

  bool start_array(std::size_t /*size*/) {
    const bool is_list = depth_ == 0 && object_depth_ == 1;
    return (is_list || Take(ParamValue(), Nested::kArray)) && Descend();
  }

  bool key(std::string& name) {
    if (depth_ == object_depth_ + 1) {
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
    if (depth_ <= object_depth_) {
      return Fail(object_depth_ == 0 ? "the body must be an object"
                                     : "the body must be an array of objects");
    }
    if (!Count()) {
      return false;
    }
    if (depth_ == object_depth_ + 1) {
      result_.fields.push_back({std::move(name_), std::move(value), nested});
    }
    return true;
  }

  bool Count() {
    return ++result_.values <= kMaxJsonValues || Fail("there are more than 1,000 values");
  }

  // Of an array each counts: a thousand empty ones are a thousand rows.
  bool BeginObject() {
    if (object_depth_ == 1) {
      result_.objects.push_back(result_.fields.size());
    }
    return (object_depth_ == 0 || Count()) && Descend();
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
  std::size_t object_depth_;  // where the objects are whose fields are kept
  std::size_t depth_;
  std::string fault_;
};

// Walks over JSON that has been read and found right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Behind all that stands here of these characters.
  void Skip(std::string_view characters) {
    at_ = std::min(text_.find_first_not_of(characters, at_), text_.size());
  }

  std::string_view TakeValue() {
    const std::size_t begin = at_;
    std::size_t depth = 0;
    do {
      const char c = text_[at_];
      depth += c == '{' || c == '[' ? 1 : 0;
      depth -= c == '}' || c == ']' ? 1 : 0;
      if (c == '"') {
        SkipString();
      } else {
        ++at_;
      }
    } while (at_ < text_.size() && (depth > 0 || !EndsValue(text_[begin])));
    return text_.substr(begin, at_ - begin);
  }

 private:
  // A number or a word ends where something else begins; the others end by themselves.
  [[nodiscard]] bool EndsValue(char first) const {
    const bool framed = first == '"' || first == '{' || first == '[';
    return framed || std::string_view(" \t\r\n,]}").find(text_[at_]) != std::string_view::npos;
  }

  void SkipString() {
    for (++at_; text_[at_] != '"'; ++at_) {
      at_ += text_[at_] == '\\' ? 1 : 0;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Status ReadJson(std::string_view body, JsonFields* result, JsonShape shape) {
  result->Clear();
  // The parser takes it for the end of the input and says nothing about what follows.
  if (const std::size_t nul = body.find('\0'); nul != std::string_view::npos) {
    return Error{fmt::format("JSON: the body is malformed at octet {}", nul + 1)};
  }
  FieldCollector collector(result, shape);
  if (json::sax_parse(body.begin(), body.end(), &collector)) {
    return {};
  }
  result->Clear();
  return Error{"JSON: " + collector.fault()};
}

void MarkTexts(std::string_view body, JsonFields* fields) {
  // What may stand before a name: nothing of it begins one. nlohmann passes over a byte order mark.
  constexpr std::string_view kBeforeName = "\xEF\xBB\xBF \t\r\n,{}[]";
  Scanner scanner(body);
  for (JsonField& field : fields->fields) {
    scanner.Skip(kBeforeName);
    scanner.TakeValue();
    scanner.Skip(" \t\r\n:");
    field.text = scanner.TakeValue();
  }
}

bool IsJson(std::string_view text) {
  JsonFields value;
  FieldCollector collector(&value, JsonShape::kObject, 1);
  return text.find('\0') == std::string_view::npos && !text.starts_with('\xEF') &&
         json::sax_parse(text.begin(), text.end(), &collector);
}

}  // namespace sqlicorn
