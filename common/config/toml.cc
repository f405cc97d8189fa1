// SPDX-License-Identifier: MIT
#include "common/config/toml.h"

#include <algorithm>
#include <exception>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "common/base/file.h"

namespace sqlicorn {
namespace {

Error ErrorAt(const Place& place, std::string_view what) {
  return Error{fmt::format("{}: {}", place.ToString(), what)};
}

bool Before(const TableMember& a, const TableMember& b) {
  const Place& x = a.value.place;
  const Place& y = b.value.place;
  return std::tie(x.line, x.column) < std::tie(y.line, y.column);
}

// Turns the library's nodes into Values.
class Converter {
 public:
  explicit Converter(std::string source_name) : source_name_(std::move(source_name)) {}

  [[nodiscard]] Place At(const toml::source_region& region) const {
    return {source_name_, region.begin.line, region.begin.column};
  }

  [[nodiscard]] Result<Value> Convert(const toml::node& node, const Place& place) const {
    switch (node.type()) {
      case toml::node_type::table:
        return ConvertTable(*node.as_table(), place);
      case toml::node_type::array:
        return ConvertArray(*node.as_array(), place);
      case toml::node_type::string:
        return Value{place, node.as_string()->get()};
      case toml::node_type::integer:
        return Value{place, node.as_integer()->get()};
      case toml::node_type::floating_point:
        return Value{place, node.as_floating_point()->get()};
      case toml::node_type::boolean:
        return Value{place, node.as_boolean()->get()};
      default:
        return ErrorAt(place, "dates and times have no meaning here; write a string in quotes");
    }
  }

 private:
  [[nodiscard]] Result<Value> ConvertTable(const toml::table& table, const Place& place) const {
    Table members;
    for (auto&& [key, node] : table) {
      Result<Value> value = Convert(node, At(key.source()));
      if (!value) {
        return value;
      }
      members.push_back({std::string(key.str()), *std::move(value)});
    }
    // The library keeps members sorted by name.
    std::stable_sort(members.begin(), members.end(), Before);
    return Value{place, std::move(members)};
  }

  [[nodiscard]] Result<Value> ConvertArray(const toml::array& array, const Place& place) const {
    Array elements;
    for (const toml::node& node : array) {
      Result<Value> value = Convert(node, At(node.source()));
      if (!value) {
        return value;
      }
      elements.push_back(*std::move(value));
    }
    return Value{place, std::move(elements)};
  }

  std::string source_name_;
};

void SetPlace(Value& value, const Place& place) {
  value.place = place;
  if (auto* array = std::get_if<Array>(&value.data)) {
    for (Value& element : *array) {
      SetPlace(element, place);
    }
  }
  if (auto* table = std::get_if<Table>(&value.data)) {
    for (TableMember& member : *table) {
      SetPlace(member.value, place);
    }
  }
}

bool IsBareKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string Escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F ? fmt::format("\\u{:04X}", byte) : std::string(1, c);
}

}  // namespace

Result<Value> ParseToml(std::string_view text, const std::string& source_name) {
  const Converter converter(source_name);
  try {
    const toml::table root = toml::parse(text);
    return converter.Convert(root, Place{source_name, 0, 0});
  } catch (const toml::parse_error& error) {
    return ErrorAt(converter.At(error.source()), error.description());
  } catch (const std::exception& error) {
    return Error{error.what()}.In(source_name);
  }
}

Result<Value> ReadTomlFile(const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text) {
    return text.error();
  }
  return ParseToml(*text, path);
}

Value ParseTomlValue(std::string_view text, const Place& place) {
  Value value{place, std::string(text)};
  Result<Value> document = ParseToml(fmt::format("value = {}", text), place.source);
  if (document) {
    auto& members = std::get<Table>(document->data);
    // More than one member: the text held a line break and was no value.
    if (members.size() == 1) {
      value = std::move(members.front().value);
      SetPlace(value, place);
    }
  }
  return value;
}

std::string TomlKey(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), IsBareKeyCharacter);
  return bare ? std::string(key) : TomlString(key);
}

std::string TomlString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += Escape(c);
  }
  return quoted + '"';
}

std::string TomlNumber(double number) {
  std::string text = fmt::format("{}", number);
  const bool integral = text.find_first_not_of("-0123456789") == std::string::npos;
  return integral ? text + ".0" : text;
}

std::string TomlList(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted(texts.size());
  std::transform(texts.begin(), texts.end(), quoted.begin(), TomlString);
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

}  // namespace sqlicorn
