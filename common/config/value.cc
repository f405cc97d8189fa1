// SPDX-License-Identifier: MIT
#include "common/config/value.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/config/toml.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMaxShown = 60;

// Cut in front of a UTF-8 continuation byte the message would show half a character.
std::string Shorten(const std::string& text) {
  if (text.size() <= kMaxShown) {
    return text;
  }
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + "...";
}

struct Describer {
  std::string operator()(bool value) const { return fmt::format("the boolean {}", value); }

  std::string operator()(std::int64_t value) const { return fmt::format("the integer {}", value); }

  std::string operator()(double value) const {
    return fmt::format("the number {}", TomlNumber(value));
  }

  std::string operator()(const std::string& value) const {
    return fmt::format("the string {}", TomlString(Shorten(value)));
  }

  std::string operator()(const Array& value) const {
    return value.empty() ? "an empty list" : "a list";
  }

  std::string operator()(const Table&) const { return "a table"; }
};

}  // namespace

std::string Place::ToString() const {
  return line == 0 ? source : fmt::format("{}:{}:{}", source, line, column);
}

const Value* FindMember(const Table& table, std::string_view key) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [key](const TableMember& member) { return member.key == key; });
  return found == table.end() ? nullptr : &found->value;
}

std::string Describe(const Value& value) {
  return std::visit(Describer{}, value.data);
}

}  // namespace sqlicorn
