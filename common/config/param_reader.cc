// SPDX-License-Identifier: MIT
#include "common/config/param_reader.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/date_time.h"
#include "common/config/choices.h"
#include "common/config/param_limits.h"
#include "common/config/table_reader.h"
#include "common/json/json_text.h"

namespace sqlicorn {
namespace {

bool IsOneOf(ParamType type, std::initializer_list<ParamType> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// What a header field may be called, without the "_" of which proxies and header_map take it for
// something else.
bool IsHeaderName(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [kMarks](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || kMarks.find(static_cast<char>(c)) != kMarks.npos);
  });
}

// Whether text is what a value of the type is sent as.
bool IsOf(ParamType type, const std::string& text) {
  return (type == ParamType::kDate && ReadDate(text)) ||
         (type == ParamType::kTimestamp && ReadTimestamp(text)) ||
         (type == ParamType::kJson && !JsonOf(text).is_discarded()) || type == ParamType::kText;
}

class ParamReader {
 public:
  ParamReader(const std::string& name, const Value& table, const std::string& label)
      : reader_(table, label) {
    param_.name = name;
    param_.place = table.place;
  }

  ParamSpec Read(Faults* faults) {
    reader_.NoteMissing("type");
    typed_ = reader_.ReadChoice("type", kParamTypes, &param_.type);
    ReadSource();
    ReadRange();
    ReadLengths();
    ReadPattern();
    ReadChoices();
    ReadAbsence();
    reader_.FinishInto(faults);
    return std::move(param_);
  }

 private:
  ParamLimits& limits() { return param_.limits ? *param_.limits : param_.limits.emplace(); }

  // The key is there, and the type has a use for it. What it should be of an unknown type, nobody
  // knows.
  bool Has(std::string_view key, std::initializer_list<ParamType> types) {
    const Value* value = reader_.Find(key);
    if (value == nullptr || !typed_) {
      return false;
    }
    return IsOneOf(param_.type, types) ||
           reader_.Fail(value->place,
                        fmt::format("{}: a field of type {} has none", reader_.Label(key),
                                    NameOf(kParamTypes, param_.type)));
  }

  template <typename T>
  bool ReadAs(std::string_view key, ParamValue* out) {
    T value{};
    if (!reader_.Read(key, &value)) {
      return false;
    }
    *out = std::move(value);
    return true;
  }

  // A value of the field's type, as TOML has it.
  bool ReadValue(std::string_view key, ParamValue* out) {
    if (param_.type == ParamType::kInteger) {
      return ReadAs<std::int64_t>(key, out);
    }
    if (param_.type == ParamType::kReal) {
      return ReadAs<double>(key, out);
    }
    if (param_.type == ParamType::kBoolean) {
      bool value = false;
      const bool read = reader_.Read(key, &value);
      *out = read ? ParamValue(std::int64_t{value}) : *out;
      return read;
    }
    const bool read = ReadAs<std::string>(key, out);
    return read && (IsOf(param_.type, std::get<std::string>(*out)) ||
                    reader_.FailWanted(key, Wanted(param_.type)));
  }

  void ReadSource() {
    reader_.ReadChoice("in", kParamSources, &param_.source);
    reader_.Read("name", &param_.outside);
    const Value* in = reader_.Find("in");
    if (param_.source == ParamSource::kHeader && !IsHeaderName(param_.client_name())) {
      reader_.Fail(in->place, fmt::format("{}: '{}' is no name of a header field; write name = "
                                          "\"X-Request-Id\" or the like, without _",
                                          reader_.Label("in"), param_.client_name()));
    }
    if (param_.source == ParamSource::kPath && !param_.outside.empty()) {
      reader_.Fail(reader_.Find("name")->place,
                   fmt::format("{}: the path has a field by its own name; write {{{}}} there",
                               reader_.Label("name"), param_.name));
    }
    if (param_.source == ParamSource::kRaw &&
        !IsOneOf(param_.type, {ParamType::kBlob, ParamType::kText, ParamType::kJson})) {
      reader_.Fail(in->place, fmt::format("{}: a whole body is of type blob, text or json",
                                          reader_.Label("in")));
    }
  }

  void ReadRange() {
    const std::initializer_list<ParamType> kOrdered = {ParamType::kInteger, ParamType::kReal,
                                                       ParamType::kDate, ParamType::kTimestamp};
    const bool min = Has("min", kOrdered) && ReadValue("min", &limits().min);
    const bool max = Has("max", kOrdered) && ReadValue("max", &limits().max);
    if (min && max && !MisfitOf(limits().min).empty()) {
      reader_.Fail(reader_.Find("min")->place,
                   fmt::format("{} is greater than max", reader_.Label("min")));
    }
  }

  void ReadLengths() {
    constexpr Range<std::int64_t> kLengths = {0, std::numeric_limits<std::int32_t>::max()};
    const std::initializer_list<ParamType> kSized = {ParamType::kText, ParamType::kBlob,
                                                     ParamType::kJson};
    std::int64_t length = 0;
    if (Has("min_length", kSized) && reader_.ReadInRange("min_length", kLengths, &length)) {
      limits().min_length = length;
    }
    if (Has("max_length", kSized) && reader_.ReadInRange("max_length", kLengths, &length)) {
      limits().max_length = length;
      if (limits().min_length > length) {
        reader_.Fail(reader_.Find("min_length")->place,
                     fmt::format("{} is greater than max_length", reader_.Label("min_length")));
      }
    }
  }

  void ReadPattern() {
    std::string expression;
    if (!Has("pattern", {ParamType::kText}) || !reader_.Read("pattern", &expression)) {
      return;
    }
    auto pattern = Pattern::Compile(expression);
    if (!pattern) {
      reader_.Fail(reader_.Find("pattern")->place,
                   fmt::format("{}: {} (RE2's syntax; a field has to match all of it)",
                               reader_.Label("pattern"), pattern.error().message));
      return;
    }
    limits().pattern = *std::move(pattern);
  }

  void ReadChoices() {
    if (!Has("enum", {ParamType::kText, ParamType::kInteger})) {
      return;
    }
    const Value& value = *reader_.Find("enum");
    const auto* list = std::get_if<Array>(&value.data);
    const bool text = param_.type == ParamType::kText;
    for (const Value& choice : list != nullptr ? *list : Array()) {
      const bool fits = text ? std::holds_alternative<std::string>(choice.data)
                             : std::holds_alternative<std::int64_t>(choice.data);
      if (!fits) {
        reader_.Fail(choice.place, fmt::format("{} must hold {}, not {}", reader_.Label("enum"),
                                               text ? "strings" : "integers", Describe(choice)));
        return;
      }
      limits().choices.push_back(text ? ParamValue(std::get<std::string>(choice.data))
                                      : ParamValue(std::get<std::int64_t>(choice.data)));
    }
    if (list == nullptr || list->empty()) {
      reader_.FailWanted("enum", "a list of values, with one at least");
    }
  }

  void ReadAbsence() {
    bool nullable = false;
    reader_.Read("nullable", &nullable);
    const Value* value = reader_.Find("default");
    const bool has_default =
        value != nullptr && typed_ &&
        (param_.type != ParamType::kBlob ||
         reader_.Fail(value->place, fmt::format("{}: a blob has none; write nullable = true",
                                                reader_.Label("default")))) &&
        ReadValue("default", &param_.default_value);
    if (nullable && value != nullptr) {
      reader_.Fail(param_.place,
                   fmt::format("{} has a default and is nullable; leave one out", Bracketed()));
    }
    const std::string misfit = has_default ? MisfitOf(param_.default_value) : "";
    if (!misfit.empty()) {
      reader_.Fail(value->place, fmt::format("{} {}", reader_.Label("default"), misfit));
    }
    param_.required = value == nullptr && !nullable;
  }

  [[nodiscard]] std::string Bracketed() const {
    const std::string key = reader_.Label("x");
    return fmt::format("[{}]", key.substr(0, key.size() - 2));
  }

  // Of a value of the field's type.
  [[nodiscard]] std::string MisfitOf(const ParamValue& value) const {
    if (!param_.limits) {
      return "";
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      return Misfit(*param_.limits, *integer);
    }
    if (const auto* real = std::get_if<double>(&value)) {
      return Misfit(*param_.limits, *real);
    }
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? Misfit(param_, *text) : "";
  }

  TableReader reader_;
  ParamSpec param_;
  bool typed_ = false;
};

}  // namespace

ParamSpec ReadParam(const std::string& name, const Value& table, const std::string& label,
                    Faults* faults) {
  return ParamReader(name, table, label).Read(faults);
}

}  // namespace sqlicorn
