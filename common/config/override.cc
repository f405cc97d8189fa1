// SPDX-License-Identifier: MIT
#include "common/config/override.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sqlicorn {
namespace {

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
