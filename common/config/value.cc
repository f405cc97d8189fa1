// SPDX-License-Identifier: MIT
#include "common/config/value.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

// Takes one name off the front of `rest`, with its quotes; false where none stands there.
bool TakeName(std::string_view& rest, std::string* name) {
  const bool quoted = !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
  const std::size_t begin = quoted ? 1 : 0;
  const std::size_t end = quoted ? rest.find(rest.front(), 1) : rest.find_first_of(".\"'");
  if (quoted && end == std::string_view::npos) {
    return false;
  }
  *name = rest.substr(begin, end == std::string_view::npos ? end : end - begin);
  rest.remove_prefix(std::min(rest.size(), quoted ? end + 1 : end));
  return quoted || !name->empty();
}

Result<std::vector<std::string>> SplitKey(std::string_view dotted_key) {
  std::vector<std::string> names;
  std::string_view rest = dotted_key;
  while (true) {
    std::string name;
    const bool taken = TakeName(rest, &name);
    if (!taken || (!rest.empty() && rest.front() != '.')) {
      return Error{fmt::format(
          "'{}' is not a key; write table.name, with quotes around a name that holds a dot",
          dotted_key)};
    }
    names.push_back(std::move(name));
    if (rest.empty()) {
      return names;
    }
    rest.remove_prefix(1);
  }
}

Value& FindOrMake(Table& table, const std::string& name, const Place& place) {
  const auto found = std::find_if(table.begin(), table.end(), [&name](const TableMember& member) {
    return member.key == name;
  });
  return found != table.end() ? found->value
                              : table.emplace_back(TableMember{name, Value{place, Table{}}}).value;
}

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

void Faults::Add(const Place& place, std::string_view what) {
  Add(place, Error{std::string(what)}.In(place.ToString()));
}

void Faults::Add(const Place& place, const Error& error) {
  faults_.push_back({place, error.message});
}

void Faults::Add(const Faults& others) {
  faults_.insert(faults_.end(), others.faults_.begin(), others.faults_.end());
}

Status Faults::ToStatus() const {
  if (faults_.empty()) {
    return {};
  }
  // What has no line is of the whole file, of a flag or of the environment, and comes first.
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  constexpr std::size_t kMost = 20;
  std::string text = sorted.front().text;
  for (std::size_t i = 1; i < std::min(sorted.size(), kMost); ++i) {
    text += "\n" + sorted[i].text;
  }
  if (sorted.size() > kMost) {
    text += fmt::format("\nand {} more", sorted.size() - kMost);
  }
  return Error{std::move(text)};
}

Status ApplyOverride(Value& root, std::string_view dotted_key, Value value) {
  const auto names = SplitKey(dotted_key);
  if (!names) {
    return names.error().In(value.place.ToString());
  }
  Value* target = &root;
  for (std::size_t i = 0; i < names->size(); ++i) {
    auto* table = std::get_if<Table>(&target->data);
    if (table == nullptr) {
      return Error{fmt::format(
          "{}: cannot set {}: {} ({}) is {}, not a table", value.place.ToString(), dotted_key,
          fmt::join(names->begin(), names->begin() + static_cast<long>(i), "."),
          target->place.ToString(), Describe(*target))};
    }
    target = &FindOrMake(*table, (*names)[i], value.place);
  }
  *target = std::move(value);
  return {};
}

}  // namespace sqlicorn
