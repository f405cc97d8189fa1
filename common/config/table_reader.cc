// SPDX-License-Identifier: MIT
#include "common/config/table_reader.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/config/toml.h"

namespace sqlicorn {
namespace {

std::string Show(std::int64_t number) {
  return std::to_string(number);
}

std::string Show(double number) {
  return fmt::format("{}", number);
}

std::string Show(Duration duration) {
  return FormatDuration(duration);
}

// Paths and SQL end up in C strings.
bool IsText(const std::string& text) {
  return text.find('\0') == std::string::npos;
}

constexpr std::string_view kWantedString = "a string without NUL characters";

}  // namespace

TableReader::TableReader(const Value& table, std::string name)
    : table_(table), name_(std::move(name)) {
  CHECK(std::holds_alternative<Table>(table_.data));
}

const Value* TableReader::Find(std::string_view key) {
  known_.emplace_back(key);
  return FindMember(members(), key);
}

template <typename T>
bool TableReader::ReadAs(std::string_view key, std::string_view wanted, T* out) {
  const Value* value = Find(key);
  if (value == nullptr) {
    return false;
  }
  const T* typed = std::get_if<T>(&value->data);
  if (typed == nullptr) {
    return FailValue(*value, key, wanted);
  }
  *out = *typed;
  return true;
}

bool TableReader::Read(std::string_view key, bool* out) {
  return ReadAs(key, "true or false", out);
}

bool TableReader::Read(std::string_view key, std::int64_t* out) {
  return ReadAs(key, "an integer", out);
}

bool TableReader::Read(std::string_view key, double* out) {
  const Value* value = Find(key);
  if (value == nullptr) {
    return false;
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value->data)) {
    *out = static_cast<double>(*integer);
    return true;
  }
  const auto* number = std::get_if<double>(&value->data);
  if (number == nullptr || !std::isfinite(*number)) {
    return FailValue(*value, key, "a number");
  }
  *out = *number;
  return true;
}

bool TableReader::Read(std::string_view key, std::string* out) {
  std::string text;
  if (!ReadAs(key, "a string", &text)) {
    return false;
  }
  if (!IsText(text)) {
    return FailWanted(key, kWantedString);
  }
  *out = std::move(text);
  return true;
}

bool TableReader::Read(std::string_view key, std::vector<std::string>* out) {
  const Value* value = Find(key);
  if (value == nullptr) {
    return false;
  }
  const auto* list = std::get_if<Array>(&value->data);
  if (list == nullptr && !std::holds_alternative<std::string>(value->data)) {
    return FailValue(*value, key, "a string or a list of strings");
  }
  std::vector<std::string> texts;
  for (const Value& element : list != nullptr ? *list : Array{*value}) {
    const auto* text = std::get_if<std::string>(&element.data);
    if (text == nullptr || !IsText(*text)) {
      return FailValue(element, key, text == nullptr ? "a list of strings" : kWantedString);
    }
    texts.push_back(*text);
  }
  *out = std::move(texts);
  return true;
}

bool TableReader::Read(std::string_view key, Duration* out) {
  std::string text;
  if (!ReadAs(key, "a duration such as \"250ms\" or \"30s\"", &text)) {
    return false;
  }
  const Result<Duration> duration = ParseDuration(text);
  if (!duration) {
    return FailWanted(key, "a duration such as \"250ms\" or \"30s\"");
  }
  *out = *duration;
  return true;
}

template <typename T>
bool TableReader::ReadBetween(std::string_view key, Range<T> range, T* out) {
  T value{};
  if (!Read(key, &value)) {
    return false;
  }
  if (value < range.min || value > range.max) {
    const Value* found = Find(key);
    return Fail(found->place, fmt::format("{} must be {} to {}, not {}", Label(key),
                                          Show(range.min), Show(range.max), Show(value)));
  }
  *out = value;
  return true;
}

bool TableReader::ReadInRange(std::string_view key, Range<std::int64_t> range, std::int64_t* out) {
  return ReadBetween(key, range, out);
}

bool TableReader::ReadInRange(std::string_view key, Range<double> range, double* out) {
  return ReadBetween(key, range, out);
}

bool TableReader::ReadInRange(std::string_view key, Range<Duration> range, Duration* out) {
  return ReadBetween(key, range, out);
}

const Value* TableReader::ReadTable(std::string_view key) {
  const Value* value = Find(key);
  if (value != nullptr && !std::holds_alternative<Table>(value->data)) {
    FailValue(*value, key, "a table");
    return nullptr;
  }
  return value;
}

std::vector<const Value*> TableReader::ReadTables(std::string_view key) {
  std::vector<const Value*> tables;
  const Value* value = Find(key);
  if (value == nullptr) {
    return tables;
  }
  const std::string wanted = fmt::format("an array of tables, each under [[{}]]", Label(key));
  const auto* elements = std::get_if<Array>(&value->data);
  if (elements == nullptr) {
    FailValue(*value, key, wanted);
    return tables;
  }
  for (const Value& element : *elements) {
    if (!std::holds_alternative<Table>(element.data)) {
      FailValue(element, key, wanted);
      return {};
    }
    tables.push_back(&element);
  }
  return tables;
}

void TableReader::NoteMissing(std::string_view key) {
  if (FindMember(members(), key) == nullptr) {
    const std::string where = name_.empty() ? "the configuration" : fmt::format("[{}]", name_);
    missing_.Add(place(), fmt::format("{} needs '{}'", where, key));
  }
}

bool TableReader::FailWanted(std::string_view key, std::string_view wanted) {
  const Value* value = FindMember(members(), key);
  CHECK(value != nullptr);
  return FailValue(*value, key, wanted);
}

bool TableReader::FailValue(const Value& value, std::string_view key, std::string_view wanted) {
  return Fail(value.place,
              fmt::format("{} must be {}, not {}", Label(key), wanted, Describe(value)));
}

bool TableReader::FailChoice(std::string_view key, const std::vector<std::string>& names) {
  const Value* value = FindMember(members(), key);
  const std::string hint = DidYouMean(std::get<std::string>(value->data), names);
  return Fail(value->place, fmt::format("{} must be one of {}, not {}{}", Label(key),
                                        fmt::join(names, ", "), Describe(*value), hint));
}

bool TableReader::Fail(const Place& place, std::string_view what) {
  wrong_.Add(place, what);
  return false;
}

bool TableReader::Fail(const Error& error) {
  wrong_.Add(place(), error);
  return false;
}

std::string TableReader::Label(std::string_view key) const {
  std::string_view table = name_;
  if (table.starts_with('[')) {
    table = table.substr(1, table.size() - 2);
  }
  return table.empty() ? TomlKey(key) : fmt::format("{}.{}", table, TomlKey(key));
}

Faults TableReader::All() const {
  Faults unknown;
  for (const auto& [key, value] : members()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      const std::string where = name_.empty() ? "at the top level" : fmt::format("in [{}]", name_);
      unknown.Add(value.place,
                  fmt::format("unknown key '{}' {}{}", key, where, DidYouMean(key, known_)));
    }
  }
  Faults all = wrong_;
  all.Add(unknown.empty() ? missing_ : unknown);
  return all;
}

bool TableReader::FinishInto(Faults* faults) const {
  const Faults all = All();
  faults->Add(all);
  return all.empty();
}

}  // namespace sqlicorn
